package dev.latente.model;

import dev.latente.control.ControlNetConfig;
import dev.latente.control.T2iAdapterConfig;
import dev.latente.nn.ModelFormatException;
import dev.latente.unet.UNetConfig;
import dev.latente.unet.UNetConfig.AdditionEmbed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A control network in a single file, which states no sizes: they are those of the U-Net it shall
/// guide, as far as its tensors do not say otherwise.
final class ControlFile {
  private static final String HINT = "controlnet_cond_embedding.conv_in.weight";
  private static final String FIRST_CONVOLUTION = "conv_in.weight";
  private static final Pattern TEXT = Pattern.compile(".*\\.attn2\\.to_k\\.weight");
  private static final Pattern BLOCK = Pattern.compile("controlnet_cond_embedding\\.blocks\\..*");
  private static final Pattern FULL = Pattern.compile("(?:adapter\\.)?conv_in\\.weight");
  private static final int BLOCKS_OF_FULL = 2;

  /// What guides a picture too, but is not built as these are; by a name in the file.
  private static final Map<String, String> OTHERS = others();

  private final CheckpointSource source;
  private final UNetConfig base;

  private ControlFile(CheckpointSource source, UNetConfig base) {
    this.source = source;
    this.base = base;
  }

  private static Map<String, String> others() {
    Map<String, String> others = new LinkedHashMap<>();
    others.put("lora_controlnet", "a control-LoRA, which is not supported");
    others.put("lllite_.*", "a ControlNet-LLLite, which is not supported");
    others.put("(control_model\\.)?task_embedding", "a ControlNet Union, which is not supported");
    others.put("difference", "a ControlNet as a difference to a model, which is not supported");
    others.put("(image_proj|ip_adapter)\\..*", "an IP-Adapter");
    others.put(".*[._](lora_(up|down|A|B)|lora\\.(up|down))\\..*", "a LoRA");
    others.put("model\\.diffusion_model\\..*", "a whole model");
    others.put("up_blocks\\..*", "a U-Net");
    return others;
  }

  static ControlCheckpoint open(Path path, UNetConfig base) throws IOException {
    CheckpointSource source = TensorFile.open(path);
    try {
      return new ControlFile(source, base).read();
    } catch (RuntimeException | Error e) {
      source.close();
      throw e;
    }
  }

  private ControlCheckpoint read() {
    refuse("lora_controlnet", "lllite_.*", "(control_model\\.)?task_embedding", "difference");
    if (has(ControlNames.PREFIX + ControlNames.FIRST_HINT)) {
      return original(ControlNames.PREFIX);
    }
    if (has(ControlNames.FIRST_HINT)) {
      return original("");
    }
    if (has(HINT)) {
      return net(source);
    }
    if (any("(adapter\\.)?body\\.0\\..*")) {
      return adapter();
    }
    refuse(OTHERS.keySet().toArray(String[]::new));
    throw found("tensors of something else (%d)".formatted(source.names().size()));
  }

  private void refuse(String... patterns) {
    for (String pattern : patterns) {
      if (any(pattern)) {
        throw found(OTHERS.getOrDefault(pattern, "something else"));
      }
    }
  }

  private ModelFormatException found(String what) {
    return new ModelFormatException(
        "%s: expected a ControlNet or T2I-Adapter, found %s".formatted(source.origin(), what));
  }

  private ControlCheckpoint original(String prefix) {
    checkText();
    return net(RenamedSource.of(source, ControlNames.controlNet(base, prefix)));
  }

  private void checkText() {
    source.names().stream()
        .filter(name -> TEXT.matcher(name).matches())
        .findFirst()
        .ifPresent(name -> ControlFit.requireText(source.origin(), source.shape(name)[1], base));
  }

  private ControlCheckpoint net(CheckpointSource named) {
    checkText();
    UNetConfig unet =
        base.toBuilder()
            .inChannels((int) shape(named, FIRST_CONVOLUTION, 4)[1])
            .timeCondProjDim(OptionalInt.empty())
            .build();
    boolean told = named.names().stream().anyMatch(name -> name.startsWith("add_embedding."));
    if (!told) {
      unet = unet.toBuilder().additionEmbed(new AdditionEmbed.None()).build();
    }
    long[] hint = shape(named, HINT, 4);
    ControlNetConfig config =
        new ControlNetConfig(unet, (int) hint[1], embedding(named, (int) hint[0]), false, false);
    ControlFit.require(source.origin(), config, base);
    return new ControlCheckpoint.Net(config, named);
  }

  /// The widths of the map's embedding: of every second of its convolutions.
  private static List<Integer> embedding(CheckpointSource named, int first) {
    List<Integer> channels = new ArrayList<>(List.of(first));
    long blocks =
        named.names().stream()
            .filter(name -> BLOCK.matcher(name).matches() && name.endsWith("weight"))
            .count();
    for (int i = 1; i < blocks; i += 2) {
      String name = "controlnet_cond_embedding.blocks.%d.weight".formatted(i);
      channels.add((int) shape(named, name, 4)[0]);
    }
    return channels;
  }

  private ControlCheckpoint adapter() {
    boolean light = source.names().stream().noneMatch(name -> FULL.matcher(name).matches());
    boolean original = source.names().stream().noneMatch(name -> name.startsWith("adapter."));
    CheckpointSource named =
        original
            ? RenamedSource.of(source, ControlNames.t2iAdapter(BLOCKS_OF_FULL, light))
            : source;
    boolean extraLarge = ControlFit.told(base);
    int downscale = extraLarge ? 16 : 8;
    String first = light ? "adapter.body.0.in_conv.weight" : "adapter.conv_in.weight";
    T2iAdapterConfig config =
        new T2iAdapterConfig(
            Math.max(1, (int) shape(named, first, 4)[1] / (downscale * downscale)),
            adapterChannels(named, light),
            count(named, "adapter\\.body\\.0\\.resnets\\.(\\d+)\\.block1\\.weight"),
            downscale,
            light
                ? T2iAdapterConfig.Type.LIGHT_ADAPTER
                : extraLarge
                    ? T2iAdapterConfig.Type.FULL_ADAPTER_XL
                    : T2iAdapterConfig.Type.FULL_ADAPTER);
    ControlFit.require(source.origin(), config, base);
    return new ControlCheckpoint.Adapter(config, named);
  }

  private static List<Integer> adapterChannels(CheckpointSource named, boolean light) {
    int levels = count(named, "adapter\\.body\\.(\\d+)\\..*");
    List<Integer> channels = new ArrayList<>();
    for (int i = 0; i < (light ? levels - 1 : levels); i++) {
      String name =
          "adapter.body.%d.%s.weight".formatted(i, light ? "out_conv" : "resnets.0.block1");
      channels.add((int) shape(named, name, 4)[0]);
    }
    return channels;
  }

  /// One more than the largest number at the place of the pattern's group.
  private static int count(CheckpointSource named, String regex) {
    Pattern pattern = Pattern.compile(regex);
    return named.names().stream()
        .map(pattern::matcher)
        .filter(Matcher::matches)
        .mapToInt(matcher -> Integer.parseInt(matcher.group(1)) + 1)
        .max()
        .orElse(0);
  }

  private static long[] shape(CheckpointSource named, String name, int dims) {
    long[] shape = named.names().contains(name) ? named.shape(name) : new long[0];
    if (shape.length != dims) {
      throw new ModelFormatException(
          "%s: expected %s with %d dimensions, found %s"
              .formatted(
                  named.origin(), name, dims, shape.length == 0 ? "none" : Arrays.toString(shape)));
    }
    return shape;
  }

  private boolean has(String name) {
    return source.names().contains(name);
  }

  private boolean any(String regex) {
    Pattern pattern = Pattern.compile(regex);
    return source.names().stream().anyMatch(name -> pattern.matcher(name).matches());
  }
}
