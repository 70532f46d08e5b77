import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.FileImageOutputStream;

/// Lays pictures side by side, each 160 pixels high, and writes them as one JPEG.
///
/// `java Beside.java OUT.jpg ONE.png OTHER.png …`
final class Beside {
  private static final int HEIGHT = 160;
  private static final int GAP = 6;
  private static final float QUALITY = 0.88f;

  private Beside() {}

  public static void main(String[] args) throws IOException {
    List<BufferedImage> pictures = new ArrayList<>();
    for (String name : List.of(args).subList(1, args.length)) {
      pictures.add(ImageIO.read(Path.of(name).toFile()));
    }
    int width = pictures.stream().mapToInt(Beside::width).sum() + GAP * (pictures.size() - 1);
    BufferedImage row = new BufferedImage(width, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = row.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, width, HEIGHT);
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    int left = 0;
    for (BufferedImage picture : pictures) {
      graphics.drawImage(picture, left, 0, width(picture), HEIGHT, null);
      left += width(picture) + GAP;
    }
    graphics.dispose();
    write(row, Path.of(args[0]));
  }

  private static int width(BufferedImage picture) {
    return Math.round((float) HEIGHT * picture.getWidth() / picture.getHeight());
  }

  private static void write(BufferedImage row, Path file) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam quality = writer.getDefaultWriteParam();
    quality.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    quality.setCompressionQuality(QUALITY);
    Files.deleteIfExists(file); // the stream would leave the end of a longer one
    try (FileImageOutputStream out = new FileImageOutputStream(file.toFile())) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(row, null, null), quality);
    } finally {
      writer.dispose();
    }
  }
}
