package dev.latente.hub;

import java.net.URI;
import java.util.OptionalLong;

/// A file of a repository, as the hub describes it.
///
/// @param name its path in the repository
/// @param address where it is fetched
/// @param etag the hash of its content: sha256 of big files, git's sha1 of small ones
/// @param size in bytes, if the hub says it
record RemoteFile(String name, URI address, String etag, OptionalLong size) {}
