/// Networks that estimate how near each pixel of a picture is.
@NullMarked
package dev.latente.depth;

import org.jspecify.annotations.NullMarked;
