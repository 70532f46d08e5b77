package dev.latente.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.ThrowingConsumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the reference was asked to draw, as the scripts in tools/reference wrote it down.
final class StoredRequests {
  private StoredRequests() {}

  /// A test of each request in `file`, of which there must be `count`, under its own name.
  static Stream<DynamicTest> eachOf(Path file, int count, ThrowingConsumer<JsonNode> check) {
    JsonNode requests = JsonMapper.shared().readTree(file.toFile());
    assertThat(requests.size()).isEqualTo(count);
    return requests
        .valueStream()
        .map(test ->
            DynamicTest.dynamicTest(test.path("name").stringValue(), () -> check.accept(test)));
  }
}
