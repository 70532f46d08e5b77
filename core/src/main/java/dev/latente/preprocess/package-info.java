/// Pictures to the maps that control networks are shown, without a network.
@NullMarked
package dev.latente.preprocess;

import org.jspecify.annotations.NullMarked;
