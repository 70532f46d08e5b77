package dev.latente.scenes.draw;

import dev.latente.scenes.draw.Stage.Spot;
import dev.latente.scenes.world.Ground;
import dev.latente.scenes.world.Scene;
import dev.latente.scenes.world.Thing;
import dev.latente.scenes.world.TimeOfDay;
import java.awt.Graphics2D;
import java.awt.RadialGradientPaint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Draws a scene at any size: plainly at twice the size, halved, then in its manner. Equal scenes
/// give equal pictures.
public final class Renderer {
  private Renderer() {}

  /// Draws the scene.
  ///
  /// @param width of the picture in pixels, at least 16
  /// @param height of the picture in pixels, at least 16
  public static Rendering render(Scene scene, int width, int height) {
    if (width < 16 || height < 16 || (long) width * height > 1 << 26) {
      throw new IllegalArgumentException(
          "a picture needs sides of at least 16 and at most 2^26 pixels: " + width + "x" + height);
    }
    Stage stage = Stage.of(scene, width / (double) height);
    Layer picture = Layer.opaque(2 * width, 2 * height);
    Layer far = Layer.transparent(2 * width, 2 * height);
    backdrop(picture, far, stage);
    List<boolean[]> shapes = new ArrayList<>();
    for (int i = 0; i < scene.things().size(); i++) {
      shapes.add(new boolean[width * height]);
    }
    List<Spot> spots = spots(stage);
    for (Spot spot : spots) {
      Layer layer = Layer.transparent(2 * width, 2 * height);
      layer.draw(g -> thing(g, stage, spot));
      footing(picture, layer, stage, spot);
      picture.over(layer);
      mask(layer.pixels(), shapes, spot.index());
    }
    Pixels plain = picture.pixels().halved();
    float[] depth = Depth.map(stage, spots, shapes, far.pixels(), width, height);
    Drawn drawn = new Drawn(stage, plain, shapes, depth);
    return new Rendering(Manners.apply(drawn).image(), depth, shapes);
  }

  private static void backdrop(Layer picture, Layer far, Stage stage) {
    picture.draw(g -> Sky.draw(g, stage));
    far.draw(g -> Land.far(g, stage));
    picture.over(far);
    switch (stage.scene().ground()) {
      case LAKE -> Water.lake(picture.pixels(), stage);
      case SEA -> picture.draw(g -> Water.sea(g, stage));
      case MEADOW, DESERT, MOUNTAINS -> picture.draw(g -> Land.near(g, stage));
    }
  }

  // Farthest first.
  private static List<Spot> spots(Stage stage) {
    List<Spot> spots = new ArrayList<>();
    for (int i = 0; i < stage.scene().things().size(); i++) {
      spots.add(stage.spot(i));
    }
    spots.sort(Comparator.comparingDouble(Spot::depth));
    return spots;
  }

  private static void thing(Graphics2D g, Stage stage, Spot spot) {
    g.translate(spot.x(), spot.y());
    g.scale(spot.mirrored() ? -spot.scale() : spot.scale(), spot.scale());
    boolean fromLeft = (stage.sunX() < spot.x()) != spot.mirrored();
    Brush brush = new Brush(g, stage.light(), spot.placed().colour(), fromLeft);
    switch (spot.placed().thing()) {
      case BOAT -> Movers.boat(brush);
      case HOUSE -> Buildings.house(brush);
      case TREE -> Movers.tree(brush);
      case BALLOON -> Movers.balloon(brush);
      case LIGHTHOUSE -> Buildings.lighthouse(brush);
      case CAR -> Movers.car(brush);
      case WINDMILL -> Buildings.windmill(brush);
      case CASTLE -> Buildings.castle(brush);
    }
  }

  // What joins a thing to its ground: shadow, islet, mirror image, a lighthouse's beam.
  private static void footing(Layer picture, Layer layer, Stage stage, Spot spot) {
    Thing thing = spot.placed().thing();
    Ground ground = stage.scene().ground();
    if (thing == Thing.LIGHTHOUSE && stage.scene().time() == TimeOfDay.NIGHT) {
      picture.draw(g -> beam(g, stage, spot));
    }
    if (ground.water()) {
      boolean islet = thing != Thing.BOAT && !thing.flies();
      double half =
          islet ? 0.12 * Math.max(0.3, spot.halfWidth() / spot.scale()) * spot.scale() : 0;
      double strength = ground == Ground.LAKE ? 0.62 : 0.26;
      if (!thing.flies()) {
        Water.reflect(
            picture.pixels(), layer.pixels(), stage, spot, spot.y() + half * 0.7, strength);
      }
      if (islet) {
        picture.draw(g -> islet(g, stage, spot, half));
      }
    } else if (!thing.flies()) {
      picture.draw(g -> shadow(g, stage, spot));
    }
  }

  private static void islet(Graphics2D g, Stage stage, Spot spot, double half) {
    double wide = Math.max(spot.halfWidth() * 1.28, spot.scale() * 0.36);
    g.setPaint(stage.light().ground(0x6E6152).awt());
    g.fill(Brush.oval(spot.x(), spot.y() + half * 0.25, wide, half * 1.05));
    g.setPaint(stage.light().ground(0xB9A77E).awt());
    g.fill(Brush.oval(spot.x(), spot.y() + half * 0.05, wide * 0.96, half * 0.9));
    g.setPaint(stage.light().ground(0x7FA653).awt());
    g.fill(Brush.oval(spot.x(), spot.y() - half * 0.1, wide * 0.86, half * 0.7));
  }

  private static void shadow(Graphics2D g, Stage stage, Spot spot) {
    double side = Math.max(-0.6, Math.min(0.6, (spot.x() - stage.sunX()) * 1.6));
    double wide = spot.halfWidth() * 1.12;
    g.setPaint(stage.light().ground(0x1D2A3C).awt(0.38));
    g.fill(
        Brush.oval(
            spot.x() + side * wide * 0.5,
            spot.y() + spot.scale() * 0.005,
            wide,
            spot.scale() * 0.055));
  }

  private static void beam(Graphics2D g, Stage stage, Spot spot) {
    double y = spot.y() - 0.83 * spot.scale();
    double reach = 1.3 * Math.max(0.3, spot.scale());
    g.setPaint(
        new RadialGradientPaint(
            (float) spot.x(),
            (float) y,
            (float) reach,
            new float[] {0, 1},
            new java.awt.Color[] {Rgb.of(0xFFF0B0).awt(0.75), Rgb.of(0xFFF0B0).awt(0)}));
    double spread = reach * 0.13;
    g.fill(Brush.polygon(spot.x(), y, spot.x() - reach, y - spread, spot.x() - reach, y + spread));
    g.fill(Brush.polygon(spot.x(), y, spot.x() + reach, y - spread, spot.x() + reach, y + spread));
  }

  private static void mask(Pixels layer, List<boolean[]> shapes, int index) {
    Pixels half = layer.halved();
    int[] argb = half.argb();
    for (int i = 0; i < argb.length; i++) {
      if ((argb[i] >>> 24) >= 128) {
        for (boolean[] other : shapes) {
          other[i] = false;
        }
        shapes.get(index)[i] = true;
      }
    }
  }
}
