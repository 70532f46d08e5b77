/// The drawn world as data: what a scene holds, how one is drawn by lot, and which combinations
/// training never sees.
@NullMarked
package dev.latente.scenes.world;

import org.jspecify.annotations.NullMarked;
