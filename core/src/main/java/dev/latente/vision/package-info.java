/// What pictures show, as vectors: networks that look at pictures.
@NullMarked
package dev.latente.vision;

import org.jspecify.annotations.NullMarked;
