/// Text encoders.
@NullMarked
package dev.latente.text;

import org.jspecify.annotations.NullMarked;
