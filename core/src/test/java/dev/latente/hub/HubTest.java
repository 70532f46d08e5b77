package dev.latente.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubTest {
  private static final Patience HASTE =
      new Patience(3, Duration.ofMillis(5), Duration.ofSeconds(2), Duration.ofMillis(700));
  private static final String WEIGHTS = "unet/model.safetensors";
  private static final String CONFIG = "unet/config.json";

  private final FakeHub hub = new FakeHub();
  private final byte[] big = new byte[300_000];
  private final byte[] small = "{\"a\": 1}\n".getBytes(StandardCharsets.UTF_8);
  @TempDir private Path temporary = Path.of("");

  @BeforeEach
  void fill() {
    new Random(1).nextBytes(big);
    hub.files.put(WEIGHTS, big);
    hub.files.put(CONFIG, small);
  }

  @AfterEach
  void close() {
    hub.close();
  }

  private HubSettings settings(boolean offline, boolean links) {
    return new HubSettings(
        hub.endpoint(), cache(), Optional.of("secret"), offline, links, Proxies.NONE, HASTE);
  }

  private Path cache() {
    return temporary.resolve("cache");
  }

  private Path repository() {
    return cache().resolve("models--some-body--tiny.model");
  }

  private Path fetch(String... files) throws IOException {
    return fetch(settings(false, true), TransferListener.NONE, files);
  }

  private static Path fetch(HubSettings settings, TransferListener listener, String... files)
      throws IOException {
    try (Hub client = new Hub(settings, listener)) {
      return client.fetch(FakeHub.REPOSITORY, HubAddress.MAIN, List.of(files));
    }
  }

  private Path partial() throws IOException {
    return repository().resolve("blobs").resolve(FakeHub.sha256(big) + ".incomplete");
  }

  private void leavePartial(byte[] bytes) throws IOException {
    Files.createDirectories(partial().getParent());
    Files.write(partial(), bytes);
  }

  @Test
  void theCacheIsLaidOutAsPythonsIs() throws IOException {
    Path snapshot = fetch(WEIGHTS, CONFIG);
    assertThat(snapshot.resolve(WEIGHTS)).hasBinaryContent(big);
    try (Stream<Path> all = Files.walk(repository())) {
      assertThat(
              all.filter(path -> !Files.isDirectory(path))
                  .map(path -> repository().relativize(path).toString().replace('\\', '/')))
          .containsExactlyInAnyOrder(
              "blobs/" + FakeHub.sha256(big),
              "blobs/" + FakeHub.gitHash(small),
              "refs/main",
              "snapshots/" + FakeHub.COMMIT + "/" + WEIGHTS,
              "snapshots/" + FakeHub.COMMIT + "/" + CONFIG);
    }
    assertThat(repository().resolve("refs/main")).hasContent(FakeHub.COMMIT);
    assertThat(Files.readSymbolicLink(snapshot.resolve(WEIGHTS)))
        .isEqualTo(Path.of("../../../blobs/" + FakeHub.sha256(big)));
  }

  @Test
  void filesThatAreHereAreNotAskedForAgain() throws IOException {
    Path first = fetch(WEIGHTS, CONFIG);
    hub.requests.clear();
    assertThat(fetch(CONFIG, WEIGHTS)).isEqualTo(first);
    assertThat(fetch(settings(true, true), TransferListener.NONE, WEIGHTS)).isEqualTo(first);
    assertThat(hub.requests).isEmpty();
  }

  @Test
  void theTokenIsNeverSentToAnotherHost() throws IOException {
    fetch(WEIGHTS, CONFIG);
    assertThat(hub.requests).isNotEmpty().allMatch(line -> line.endsWith("token=Bearer secret"));
    assertThat(hub.storeRequests).hasSize(1).allMatch(line -> line.endsWith("token=null"));
  }

  @Test
  void aListingMayBeRedirectedToAnotherNameOnTheSameHost() throws IOException {
    hub.misdeeds.add(
        FakeHub.status(
            307, "Location", "/api/models/" + FakeHub.REPOSITORY + "/revision/" + FakeHub.COMMIT));
    assertThat(fetch(CONFIG).resolve(CONFIG)).hasBinaryContent(small);
  }

  @Test
  void aCutConnectionIsGoneOnWith() throws IOException {
    hub.storeMisdeeds.add(FakeHub.cutAfter(big, 100_000));
    assertThat(fetch(WEIGHTS).resolve(WEIGHTS)).hasBinaryContent(big);
    assertThat(hub.storeRequests).hasSize(2);
    assertThat(hub.storeRequests.getLast()).containsPattern("range=bytes=[1-9]\\d*-");
  }

  @Test
  void whatCameBeforeIsGoneOnWith() throws IOException {
    leavePartial(Arrays.copyOf(big, 250_000));
    assertThat(fetch(WEIGHTS).resolve(WEIGHTS)).hasBinaryContent(big);
    assertThat(hub.storeRequests).hasSize(1).first().asString().contains("range=bytes=250000-");
    assertThat(partial()).doesNotExist();
  }

  @Test
  void aPartThatIsWholeIsOnlyChecked() throws IOException {
    leavePartial(big);
    assertThat(fetch(WEIGHTS).resolve(WEIGHTS)).hasBinaryContent(big);
    assertThat(hub.storeRequests).isEmpty();
  }

  @Test
  void aPartOfSomethingElseIsThrownAway() throws IOException {
    leavePartial(new byte[250_000]);
    assertThat(fetch(WEIGHTS).resolve(WEIGHTS)).hasBinaryContent(big);
    leavePartial(new byte[400_000]); // longer than the file
    Files.delete(repository().resolve("blobs").resolve(FakeHub.sha256(big)));
    assertThat(fetch(WEIGHTS).resolve(WEIGHTS)).hasBinaryContent(big);
  }

  @Test
  void aServerThatCannotGoOnSendsAll() throws IOException {
    leavePartial(Arrays.copyOf(big, 1000));
    hub.storeMisdeeds.add(FakeHub.status(416));
    assertThat(fetch(WEIGHTS).resolve(WEIGHTS)).hasBinaryContent(big);
    Files.delete(repository().resolve("blobs").resolve(FakeHub.sha256(big)));
    leavePartial(Arrays.copyOf(big, 1000));
    hub.storeMisdeeds.add(FakeHub.send(big)); // 200 instead of 206
    assertThat(fetch(WEIGHTS).resolve(WEIGHTS)).hasBinaryContent(big);
  }

  @Test
  void aBusyServerIsAskedAgain() throws IOException {
    hub.misdeeds.add(FakeHub.status(500));
    hub.misdeeds.add(FakeHub.status(503));
    hub.storeMisdeeds.add(FakeHub.status(502));
    assertThat(fetch(WEIGHTS).resolve(WEIGHTS)).hasBinaryContent(big);
  }

  @Test
  void aServerThatAsksToWaitIsGivenTheTime() throws IOException {
    hub.misdeeds.add(FakeHub.status(429, "Retry-After", "1"));
    long start = System.nanoTime();
    fetch(CONFIG);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(1));
    hub.misdeeds.add(FakeHub.status(429, "RateLimit", "\"api\";r=0;t=3600"));
    assertThatThrownBy(() -> fetch(WEIGHTS))
        .isInstanceOf(HubException.class)
        .hasMessage(
            FakeHub.REPOSITORY
                + ": the server answered 429, and asks to wait 3600 s; try again later");
  }

  @Test
  void aServerThatStaysBusyIsGivenUp() {
    for (int i = 0; i < 3; i++) {
      hub.misdeeds.add(FakeHub.status(503));
    }
    assertThatThrownBy(() -> fetch(CONFIG))
        .isInstanceOf(HubException.class)
        .hasMessage(FakeHub.REPOSITORY + ": gave up after 3 attempts: the server answered 503");
  }

  @Test
  void contentThatIsWrongTwiceIsRefused() {
    byte[] wrong = big.clone();
    wrong[7]++;
    hub.storeMisdeeds.add(FakeHub.send(wrong));
    hub.storeMisdeeds.add(FakeHub.send(wrong));
    assertThatThrownBy(() -> fetch(WEIGHTS))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("expected content with the hash " + FakeHub.sha256(big))
        .hasMessageContaining("twice");
    assertThat(repository().resolve("blobs")).isEmptyDirectory();
  }

  @Test
  void contentThatIsWrongOnceIsFetchedAgain() throws IOException {
    byte[] wrong = small.clone();
    wrong[2]++;
    hub.misdeeds.add(FakeHub.send(listing()));
    hub.misdeeds.add(
        FakeHub.status(200, "ETag", "\"" + FakeHub.gitHash(small) + "\"", "Content-Length", "9"));
    hub.misdeeds.add(FakeHub.send(wrong));
    assertThat(fetch(CONFIG).resolve(CONFIG)).hasBinaryContent(small);
  }

  private static byte[] listing() {
    return "{\"sha\": \"%s\", \"siblings\": []}"
        .formatted(FakeHub.COMMIT)
        .getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void contentOfAnotherLengthIsRefused() {
    for (int i = 0; i < 3; i++) {
      hub.storeMisdeeds.add(FakeHub.send(new byte[big.length + 1]));
    }
    assertThatThrownBy(() -> fetch(WEIGHTS))
        .hasMessageContaining("expected 300000 bytes, found more");
    for (int i = 0; i < 3; i++) {
      hub.storeMisdeeds.add(FakeHub.send(new byte[0]));
    }
    assertThatThrownBy(() -> fetch(WEIGHTS)).hasMessageContaining("expected 300000 bytes");
  }

  @Test
  void aSilentServerIsGivenUp() {
    for (int i = 0; i < 3; i++) {
      hub.storeMisdeeds.add(exchange -> {
        exchange.sendResponseHeaders(200, big.length);
        exchange.getResponseBody().flush();
        Attempts.sleep(Duration.ofSeconds(2).toNanos());
      });
    }
    assertThatThrownBy(() -> fetch(WEIGHTS))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("gave up after 3 attempts: the server sent nothing for 0 s");
  }

  @Test
  void aBranchThatMovedOnGivesTheNewContent() throws IOException {
    hub.storeMisdeeds.add(FakeHub.cutAfter(big, 100_000));
    TransferListener stop =
        transfer -> {
          if (transfer.done() > 0) {
            throw new CancellationException("stopped");
          }
        };
    assertThatThrownBy(() -> fetch(settings(false, true), stop, WEIGHTS))
        .isInstanceOf(CancellationException.class);
    assertThat(partial()).exists();
    byte[] newer = new byte[310_000];
    hub.files.put(WEIGHTS, newer);
    hub.commit = "f".repeat(40);
    Path snapshot = fetch(WEIGHTS);
    assertThat(snapshot).endsWith(Path.of("snapshots", hub.commit));
    assertThat(snapshot.resolve(WEIGHTS)).hasBinaryContent(newer);
    assertThat(repository().resolve("refs/main")).hasContent(hub.commit);
  }

  @Test
  void withoutLinksFilesLieInTheSnapshot() throws IOException {
    Path snapshot = fetch(settings(false, false), TransferListener.NONE, WEIGHTS);
    assertThat(Files.isSymbolicLink(snapshot.resolve(WEIGHTS))).isFalse();
    assertThat(snapshot.resolve(WEIGHTS)).hasBinaryContent(big);
    hub.requests.clear();
    fetch(settings(false, false), TransferListener.NONE, WEIGHTS);
    assertThat(hub.requests).isEmpty();
  }

  @Test
  void refusalsSayWhatToDo() {
    hub.misdeeds.add(FakeHub.status(403, "X-Error-Code", "GatedRepo"));
    assertThatThrownBy(() -> fetch(CONFIG))
        .hasMessage(
            "some-body/tiny.model: access is gated: agree to its terms at %s/some-body/tiny.model, and the token given does not allow it"
                .formatted(hub.endpoint()));
    hub.misdeeds.add(FakeHub.status(401, "X-Error-Code", "RepoNotFound"));
    assertThatThrownBy(() -> fetch(CONFIG))
        .hasMessageContaining("no such repository, or it is private");
    assertThatThrownBy(() -> fetch("none.json"))
        .hasMessage("some-body/tiny.model: no such file in the repository: 'none.json'");
    try (Hub client = new Hub(settings(false, true), TransferListener.NONE)) {
      assertThatThrownBy(() -> client.fetch(FakeHub.REPOSITORY, "v9", List.of(CONFIG)))
          .hasMessage("some-body/tiny.model: no such revision: 'v9'");
    }
    hub.misdeeds.add(FakeHub.send("<html>".getBytes(StandardCharsets.UTF_8)));
    assertThatThrownBy(() -> fetch(CONFIG)).hasMessageContaining("is this the hub?");
  }

  @Test
  void offlineNothingIsAskedFor() {
    assertThatThrownBy(() -> fetch(settings(true, true), TransferListener.NONE, CONFIG))
        .isInstanceOf(HubException.class)
        .hasMessage(
            "some-body/tiny.model: unet/config.json: not in the cache %s, and the hub may not be asked (offline)"
                .formatted(cache()));
    assertThat(hub.requests).isEmpty();
  }

  @Test
  void aHostThatIsNotThereIsNamed() {
    hub.close();
    assertThatThrownBy(() -> fetch(CONFIG))
        .isInstanceOf(HubException.class)
        .hasMessage("some-body/tiny.model: gave up after 3 attempts: no connection");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../evil", "/etc/passwd", "a/../../b", "C:\\\\x", "a//b"})
  void namesThatLeadOutOfTheCacheAreRefused(String name) {
    hub.misdeeds.add(
        FakeHub.send(
            "{\"sha\": \"%s\", \"siblings\": [{\"rfilename\": \"%s\"}]}"
                .formatted(FakeHub.COMMIT, name)
                .getBytes(StandardCharsets.UTF_8)));
    assertThatThrownBy(() -> fetch(CONFIG)).isInstanceOf(HubException.class);
    assertThat(temporary.resolve("evil")).doesNotExist();
  }

  @Test
  void anEtagThatIsNoNameOfAFileIsRefused() {
    hub.misdeeds.add(FakeHub.send(listing()));
    hub.misdeeds.add(FakeHub.status(200, "ETag", "\"../../x\""));
    assertThatThrownBy(() -> fetch(CONFIG)).hasMessageContaining("expected a hash as ETag");
  }

  @Test
  void pullTakesWhatTheSelectionPicks() throws IOException {
    HubAddress address = HubAddress.parse(FakeHub.REPOSITORY);
    try (Hub client = new Hub(settings(false, true), TransferListener.NONE)) {
      Path snapshot = client.pull(address, names -> List.of(names.getFirst()));
      assertThat(snapshot.resolve(CONFIG)).exists();
      assertThat(snapshot.resolve(WEIGHTS)).doesNotExist();
      assertThat(new HubCache(cache(), true).snapshots())
          .containsExactly(
              new HubCache.Snapshot(FakeHub.REPOSITORY, "main", FakeHub.COMMIT, snapshot));
    }
  }
}
