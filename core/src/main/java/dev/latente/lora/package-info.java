/// What small files of changes (LoRA and its kin) do to a network's weights: their formulas.
@NullMarked
package dev.latente.lora;

import org.jspecify.annotations.NullMarked;
