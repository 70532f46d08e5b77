package dev.latente.cli;

import dev.latente.cli.Bench.Part;
import dev.latente.cli.Bench.Summary;
import dev.latente.tensor.OperationCost;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// One line of JSON about what was measured, for other programs.
final class BenchJson {
  private static final JsonMapper JSON = JsonMapper.shared();

  private BenchJson() {}

  static String line(Bench bench) {
    ObjectNode json = JSON.createObjectNode();
    json.put("model", bench.model())
        .put("width", bench.request().width())
        .put("height", bench.request().height())
        .put("steps", bench.request().steps())
        .put("guidance", bench.request().guidance())
        .put("processor", Machine.processor())
        .put("threads", bench.threads())
        .put("peak_flops_per_second", bench.peak())
        .put("peak_memory_bytes", bench.peakMemory());
    ObjectNode stages = json.putObject("stages");
    for (Summary stage : bench.summaries()) {
      stages
          .putObject(BenchTable.name(stage.stage()))
          .put("count", stage.count())
          .put("seconds", stage.seconds())
          .put("spread", stage.spread())
          .put("flops", stage.flops())
          .put("peak_memory_bytes", stage.peakMemory());
    }
    ArrayNode resident = json.putArray("resident_bytes");
    bench.resident().forEach(resident::add);
    ArrayNode parts = json.putArray("parts");
    bench.parts().forEach(part -> add(parts.addObject(), part));
    return JSON.writeValueAsString(json);
  }

  private static void add(ObjectNode json, Part part) {
    json.put("stage", BenchTable.name(part.stage())).put("seconds", part.seconds());
    ArrayNode operations = json.putArray("operations");
    for (OperationCost cost : part.operations()) {
      operations
          .addObject()
          .put("kind", cost.kind().label())
          .put("name", cost.name())
          .put("positions", cost.positions())
          .put("calls", cost.calls())
          .put("seconds", cost.seconds())
          .put("flops", cost.flops());
    }
  }
}
