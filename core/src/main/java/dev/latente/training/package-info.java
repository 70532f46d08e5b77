/// Training: forward diffusion and what learns to undo it.
@NullMarked
package dev.latente.training;

import org.jspecify.annotations.NullMarked;
