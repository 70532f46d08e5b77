/// Text to picture: the whole way from a request to pixels.
@NullMarked
package dev.latente.pipeline;

import org.jspecify.annotations.NullMarked;
