package dev.latente.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latente.tensor.Device;
import dev.latente.tensor.Precision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ModelSlotTest {
  @Test
  void requestsAtOnceShareOneCopyOfTheWeights() throws InterruptedException {
    Path folder = Reference.FOLDER.resolve("tiny-sd1");
    LoadOptions options = LoadOptions.of(Device.CPU, Precision.F32);
    AtomicInteger opened = new AtomicInteger();
    ModelSlot slot =
        new ModelSlot(
            folder,
            options,
            () -> {
              opened.incrementAndGet();
              return ModelLoader.open(folder, options);
            });
    Set<LoadedModel> models =
        Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      threads.add(Thread.ofPlatform().start(() -> models.add(slot.load())));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(models).hasSize(1);
    assertThat(opened).hasValue(1);
    slot.release();
    assertThat(slot.load()).isNotSameAs(models.iterator().next());
    slot.release();
  }
}
