package dev.latente.scenes;

import dev.latente.scenes.draw.Rendering;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferUShort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import javax.imageio.ImageIO;

/// Writes the pictures of a rendering: picture, depth map, masks.
final class RenderingFiles {
  private RenderingFiles() {}

  static void write(Path folder, String name, Rendering rendering) throws IOException {
    int width = rendering.picture().getWidth();
    int height = rendering.picture().getHeight();
    for (int i = 0; i < rendering.masks().size(); i++) {
      BufferedImage mask = mask(rendering.masks().get(i), width, height);
      png(folder, name + ".mask" + i + ".png", mask);
    }
    png(folder, name + ".depth.png", depth(rendering.depth(), width, height));
    png(folder, name + ".png", rendering.picture());
  }

  private static BufferedImage mask(boolean[] mask, int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    byte[] data = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    for (int i = 0; i < mask.length; i++) {
      data[i] = (byte) (mask[i] ? 255 : 0);
    }
    return image;
  }

  private static BufferedImage depth(float[] depth, int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_USHORT_GRAY);
    short[] data = ((DataBufferUShort) image.getRaster().getDataBuffer()).getData();
    for (int i = 0; i < depth.length; i++) {
      data[i] = (short) Math.round(depth[i] * 65535);
    }
    return image;
  }

  private static void png(Path folder, String name, BufferedImage image) throws IOException {
    Path part = folder.resolve(name + ".part");
    try (var out = Files.newOutputStream(part)) {
      ImageIO.write(image, "png", out);
    }
    Files.move(part, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }
}
