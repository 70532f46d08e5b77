package dev.latente.hub;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Gets files of a repository onto this machine; those that are here already cost nothing.
@FunctionalInterface
public interface FileFetcher {
  /// Fetches `files`.
  ///
  /// @param repository such as `openai/clip-vit-large-patch14`
  /// @param revision a branch, a tag or a commit, such as `main`
  /// @param files their names in the repository, such as `vocab.json`
  /// @return the folder they lie in, under these names; they are not to be changed
  /// @throws IOException if one cannot be had; its message says in one line why
  Path fetch(String repository, String revision, List<String> files) throws IOException;
}
