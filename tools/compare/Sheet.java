import dev.latente.image.Picture;
import dev.latente.pipeline.TextToImage;
import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.FileImageOutputStream;

/// A sheet of 6 × 6 pictures of a model: a row for each prompt, a column for each seed.
///
/// `sheet.sh MODEL FILE.jpg`
final class Sheet {
  private static final int SEEDS = 6;
  private static final float QUALITY = 0.9f;
  private static final List<String> PROMPTS =
      List.of(
          "a large red boat in the middle, a calm lake at sunset",
          "una casa amarilla grande a la derecha, en un prado al mediodía",
          "a large blue windmill on the left, in the snowy mountains at dawn, watercolour",
          "un castillo blanco grande en el centro, en el desierto de noche, pixel art",
          "a large black lighthouse on the right, mountains at noon, oil painting",
          "un árbol verde grande a la izquierda, un lago tranquilo al amanecer, dibujo a lápiz");

  private Sheet() {}

  public static void main(String[] args) throws Exception {
    try (TextToImage model = TextToImage.open(Path.of(args[0]), Device.CPU, Precision.F32)) {
      int width = model.request("").build().width();
      int height = model.request("").build().height();
      BufferedImage sheet =
          new BufferedImage(SEEDS * width, PROMPTS.size() * height, BufferedImage.TYPE_INT_RGB);
      Graphics2D graphics = sheet.createGraphics();
      for (int row = 0; row < PROMPTS.size(); row++) {
        for (int seed = 1; seed <= SEEDS; seed++) {
          Picture picture =
              model
                  .generate(model.request(PROMPTS.get(row)).seed(seed).build())
                  .getFirst()
                  .picture();
          graphics.drawImage(picture.toBufferedImage(), (seed - 1) * width, row * height, null);
        }
      }
      graphics.dispose();
      write(sheet, Path.of(args[1]));
    }
  }

  private static void write(BufferedImage sheet, Path file) throws Exception {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam quality = writer.getDefaultWriteParam();
    quality.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    quality.setCompressionQuality(QUALITY);
    Files.deleteIfExists(file); // the stream would leave the end of a longer one
    try (FileImageOutputStream out = new FileImageOutputStream(file.toFile())) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(sheet, null, null), quality);
    } finally {
      writer.dispose();
    }
  }
}
