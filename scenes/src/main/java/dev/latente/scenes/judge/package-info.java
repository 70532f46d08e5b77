/// Judges pictures of the drawn world: a small network that tells what a picture shows, and the
/// evaluation of models with it.
@NullMarked
package dev.latente.scenes.judge;

import org.jspecify.annotations.NullMarked;
