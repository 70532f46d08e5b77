/// Teaches a text encoder what captions of the drawn world say, before any network draws from it.
@NullMarked
package dev.latente.scenes.reader;

import org.jspecify.annotations.NullMarked;
