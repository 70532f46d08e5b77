/// Draws a scene: picture, depth map and a mask per thing, at any size.
@NullMarked
package dev.latente.scenes.draw;

import org.jspecify.annotations.NullMarked;
