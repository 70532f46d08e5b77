/// Pictures in plain Java: reading, resizing, and PNG files that say how they were made.
@NullMarked
package dev.latente.image;

import org.jspecify.annotations.NullMarked;
