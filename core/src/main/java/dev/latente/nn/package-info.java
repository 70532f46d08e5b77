/// Layers as records of their weights, and the named weights they are built from.
@NullMarked
package dev.latente.nn;

import org.jspecify.annotations.NullMarked;
