package dev.latente.pipeline;

import dev.latente.control.ControlNet;
import dev.latente.control.ControlNetwork;
import dev.latente.control.Guide;
import dev.latente.control.T2iAdapter;
import dev.latente.image.Picture;
import dev.latente.image.Resampling;
import dev.latente.model.ModelKind;
import dev.latente.preprocess.Preprocessor;
import dev.latente.tensor.Tensor;
import dev.latente.unet.Conditioning;
import dev.latente.unet.Residuals;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A request's controls, whose networks have seen their maps.
///
/// @param active each with what its network made of its map
record Controls(List<Active> active) {
  /// Nothing guides the model.
  static final Controls NONE = new Controls(List.of());

  private static final double FINEST_SHARE = 0.1;

  /// A control at work.
  private record Active(Control control, Guide guide, boolean promptOnly, boolean graded) {}

  /// Shows the networks of `request` their maps; what they make of them belongs to the open scope.
  ///
  /// @throws IllegalArgumentException if a network takes no pictures of that size
  static Controls of(LoadedModel model, ImageRequest request) {
    Optional<Canvas> canvas =
        request.start().map(start -> Canvas.of(start, request.width(), request.height()));
    List<Active> active = new ArrayList<>();
    for (Control control : request.controls()) {
      active.add(active(control, canvas, model, request));
    }
    if (request.depth().isPresent() && model.task() != ModelKind.Task.DEPTH) {
      model
          .ownDepth()
          .map(own -> own.control(model, request))
          .ifPresent(own -> active.add(active(own, Optional.empty(), model, request)));
    }
    return new Controls(active);
  }

  /// A control whose network has seen its map.
  ///
  /// @param canvas that the map is yet to be brought to
  private static Active active(
      Control control, Optional<Canvas> canvas, LoadedModel model, ImageRequest request) {
    ControlNetwork network = control.model().network();
    requireMultiple(control, network.multiple(), request);
    requireMask(control, network, request);
    Picture fitting = fitting(control, network.mapChannels(), canvas, request);
    Guide guide = network.guide(map(control, network.mapChannels(), fitting, canvas, model));
    boolean pooled =
        switch (network) {
          case ControlNet net -> net.config().pooled();
          case T2iAdapter _ -> false;
        };
    boolean promptOnly =
        switch (network) {
          case ControlNet _ -> pooled || control.reach() == Control.Reach.PROMPT_ONLY;
          case T2iAdapter _ -> false;
        };
    return new Active(control, guide, promptOnly, promptOnly && !pooled);
  }

  private static void requireMultiple(Control control, int multiple, ImageRequest request) {
    if (request.width() % multiple != 0 || request.height() % multiple != 0) {
      throw new IllegalArgumentException(
          "width and height must be multiples of %d for the control network '%s': %s"
              .formatted(multiple, control.model().name(), request.size()));
    }
  }

  private static void requireMask(Control control, ControlNetwork network, ImageRequest request) {
    if (!control.masked()) {
      return;
    }
    if (network instanceof T2iAdapter) {
      throw new IllegalArgumentException(
          "pictures without their masked part are for ControlNets: '%s' is a T2I-Adapter"
              .formatted(control.model().name()));
    }
    if (request.start().filter(StartPicture::isPartial).isEmpty()) {
      throw new IllegalArgumentException(
          "the control network '%s' is to see a picture without what is redrawn: no mask was given"
              .formatted(control.model().name()));
    }
  }

  /// The map at the size of what is drawn.
  private static Picture fitting(
      Control control, int channels, Optional<Canvas> canvas, ImageRequest request) {
    Picture map =
        channels == 1
            ? Preprocessor.named("grey").orElseThrow().apply(control.map())
            : control.map();
    return canvas
        .map(drawn -> drawn.seen(map))
        .orElseGet(() -> map.resized(request.width(), request.height(), Resampling.LANCZOS));
  }

  /// `[1, channels, H, W]`, 0 to 1.
  private static Tensor map(
      Control control, int channels, Picture fitting, Optional<Canvas> canvas, LoadedModel model) {
    Tensor rgb = Tensor.of(fitting.toFloats(), 1, 3, fitting.height(), fitting.width());
    Tensor whole = rgb.plus(1).times(0.5); // 0 to 1
    Tensor unit =
        control.masked() ? hidden(whole, canvas.orElseThrow().mask().orElseThrow()) : whole;
    return unit.slice(1, 0, channels).to(model.precision()).to(model.device());
  }

  /// `[1, 3, H, W]` with -1 where the mask is more than half white, as diffusers'
  /// `make_inpaint_condition`.
  private static Tensor hidden(Tensor map, Picture mask) {
    float[] masked = mask.toFloats();
    for (int i = 0; i < masked.length; i++) {
      masked[i] = masked[i] > 0 ? 1 : 0;
    }
    Tensor where = Tensor.of(masked, 1, 3, mask.height(), mask.width());
    return LatentMask.mixed(map, Tensor.full(-1, 1), where);
  }

  /// Controls of a part of a run.
  ///
  /// @param clock of the run
  /// @param before the steps before this part
  /// @param steps of this part
  record During(Controls controls, StepClock clock, int before, int steps) {
    /// What is to be added to the features of `x` `[N, C, H, W]` now.
    ///
    /// @param without how many of the first rows of `x` are asked without the prompt
    Optional<Residuals> residuals(Tensor x, Tensor timesteps, Conditioning told, int without) {
      return acting().stream()
          .map(each -> residuals(each, x, timesteps, told, without))
          .reduce(Residuals::plus);
    }

    /// The controls that act now.
    List<Active> acting() {
      int step = clock.step() - before;
      return controls.active().stream()
          .filter(each -> each.control().actsAt(step, steps) && each.control().weight() > 0)
          .toList();
    }

    private static Residuals residuals(
        Active each, Tensor x, Tensor timesteps, Conditioning told, int without) {
      if (!each.promptOnly()) {
        return each.guide().residuals(x, timesteps, told).times(each.control().weight());
      }
      long rows = x.size(0);
      Residuals with =
          each.guide()
              .residuals(
                  x.slice(0, without, rows),
                  timesteps.slice(0, without, rows),
                  told.rows(without, rows))
              .times(each.control().weight());
      Residuals own = each.graded() ? graded(with) : with;
      return own.map(features -> belowZeros(features, without));
    }

    /// The finest features a tenth, the coarsest all.
    private static Residuals graded(Residuals residuals) {
      int last = residuals.skips().size(); // the bottom comes after them
      List<Tensor> skips = new ArrayList<>();
      for (int i = 0; i < last; i++) {
        double share = Math.pow(FINEST_SHARE, 1 - i / (double) last);
        skips.add(residuals.skips().get(i).times(share));
      }
      return new Residuals(skips, residuals.middle(), residuals.levels());
    }

    private static Tensor belowZeros(Tensor features, int rows) {
      if (rows == 0) {
        return features;
      }
      long[] shape = features.shape();
      shape[0] = rows;
      return Tensor.concat(0, Tensor.full(0, shape).like(features), features);
    }
  }
}
