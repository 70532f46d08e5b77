/// Text to the numbers a text encoder takes, and back; and the training of such a vocabulary.
@NullMarked
package dev.latente.tokenizer;

import org.jspecify.annotations.NullMarked;
