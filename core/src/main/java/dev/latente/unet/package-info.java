/// The U-Net that estimates the noise.
@NullMarked
package dev.latente.unet;

import org.jspecify.annotations.NullMarked;
