package dev.latente.hub;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The folder of files that Python's `huggingface_hub` and Latente share.
///
/// Of each repository, `blobs` has the contents, named by their hashes; `snapshots/COMMIT` has the
/// files of a commit as links to them; `refs/BRANCH` says which commit a branch meant when it was
/// last asked for. Described at <https://huggingface.co/docs/huggingface_hub/guides/manage-cache>.
///
/// @param folder the cache
/// @param links whether symbolic links may be made
public record HubCache(Path folder, boolean links) {
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
  private static final Pattern ETAG = Pattern.compile("[0-9A-Za-z_.-]{1,128}");
  private static final String MODELS = "models--";

  /// A commit of a repository that is here, at least in part.
  ///
  /// @param revision a branch or tag that means it, or the commit itself
  /// @param files the folder with its files
  public record Snapshot(String repository, String revision, String commit, Path files) {}

  /// Whether `revision` is a commit, which means the same for ever.
  static boolean isCommit(String revision) {
    return COMMIT.matcher(revision).matches();
  }

  /// Whether a file may be named after `etag`.
  static boolean isEtag(String etag) {
    return ETAG.matcher(etag).matches() && !etag.startsWith(".");
  }

  private Path repository(String repository) {
    return folder.resolve(MODELS + repository.replace("/", "--"));
  }

  /// Where the content with this hash is, or would be.
  Path blob(String repository, String etag) {
    return repository(repository).resolve("blobs").resolve(etag);
  }

  /// The file that says who fetches the content with this hash.
  Path lock(String repository, String etag) {
    return folder
        .resolve(".locks")
        .resolve(MODELS + repository.replace("/", "--"))
        .resolve(etag + ".lock");
  }

  /// The folder with the files of `commit`.
  Path snapshot(String repository, String commit) {
    return repository(repository).resolve("snapshots").resolve(commit);
  }

  /// The commit that `revision` meant when it was last asked for.
  Optional<String> commit(String repository, String revision) throws IOException {
    if (isCommit(revision)) {
      return Optional.of(revision);
    }
    Path ref = repository(repository).resolve("refs").resolve(revision);
    return Files.isRegularFile(ref)
        ? Optional.of(Files.readString(ref).strip()).filter(HubCache::isCommit)
        : Optional.empty();
  }

  /// Notes which commit `revision` means.
  void remember(String repository, String revision, String commit) throws IOException {
    if (!isCommit(revision) && !commit(repository, revision).equals(Optional.of(commit))) {
      Path ref = repository(repository).resolve("refs").resolve(revision);
      Path beside = Optional.ofNullable(ref.getParent()).orElseThrow();
      Files.createDirectories(beside);
      Path fresh = Files.createTempFile(beside, ".", ".tmp");
      Files.writeString(fresh, commit);
      Files.move(fresh, ref, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /// Gives the content with this hash the name `file` in the snapshot of `commit`.
  ///
  /// @param fresh whether no other link points to it: then it is moved where there are no links, as
  ///   Python does, and takes its room once
  void link(String repository, String commit, String file, String etag, boolean fresh)
      throws IOException {
    Path blob = blob(repository, etag);
    Path link = snapshot(repository, commit).resolve(file);
    if (Files.exists(link)) {
      return;
    }
    Path folder = Optional.ofNullable(link.getParent()).orElseThrow();
    Files.createDirectories(folder);
    Files.deleteIfExists(link); // it may point nowhere
    if (links) {
      try {
        Files.createSymbolicLink(link, folder.relativize(blob));
        return;
      } catch (FileAlreadyExistsException _) {
        return; // somebody else was faster
      } catch (UnsupportedOperationException | FileSystemException _) {
        // Windows, without the right to make links
      }
    }
    if (fresh) {
      Files.move(blob, link, StandardCopyOption.REPLACE_EXISTING);
    } else {
      Files.copy(blob, link, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /// Marks the cache, so that backups may leave it out.
  void tag() throws IOException {
    Files.createDirectories(folder);
    Path tag = folder.resolve("CACHEDIR.TAG");
    if (Files.notExists(tag)) {
      // the signature of https://bford.info/cachedir/
      Files.writeString(tag, "Signature: 8a477f597d28d172789f06886806bc55\n");
    }
  }

  /// All snapshots that are here, by repository and revision; those that no branch means have their
  /// commit's name.
  public List<Snapshot> snapshots() throws IOException {
    List<Snapshot> found = new ArrayList<>();
    for (Path repository : children(folder)) {
      String name = repository.getFileName().toString();
      if (name.startsWith(MODELS)) {
        String readable = name.substring(MODELS.length()).replaceFirst("--", "/");
        for (Path files : children(repository.resolve("snapshots"))) {
          String commit = files.getFileName().toString();
          List<String> revisions = revisions(repository.resolve("refs"), commit);
          for (String revision : revisions.isEmpty() ? List.of(commit) : revisions) {
            found.add(new Snapshot(readable, revision, commit, files));
          }
        }
      }
    }
    return found;
  }

  private static List<String> revisions(Path refs, String commit) throws IOException {
    List<String> names = new ArrayList<>();
    if (Files.isDirectory(refs)) {
      try (Stream<Path> all = Files.walk(refs)) {
        for (Path ref : all.filter(Files::isRegularFile).sorted().toList()) {
          if (new String(Files.readAllBytes(ref), StandardCharsets.UTF_8).strip().equals(commit)) {
            names.add(refs.relativize(ref).toString().replace('\\', '/'));
          }
        }
      }
    }
    return names;
  }

  private static List<Path> children(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(Files::isDirectory).sorted().toList();
    }
  }
}
