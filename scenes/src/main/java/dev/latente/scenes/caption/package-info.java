/// Says in English and Spanish what a scene shows.
@NullMarked
package dev.latente.scenes.caption;

import org.jspecify.annotations.NullMarked;
