/// Folders of drawn, captioned scenes to train on.
@NullMarked
package dev.latente.scenes;

import org.jspecify.annotations.NullMarked;
