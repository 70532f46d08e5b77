/// Networks that guide a U-Net by a picture: ControlNet and T2I-Adapter.
@NullMarked
package dev.latente.control;

import org.jspecify.annotations.NullMarked;
