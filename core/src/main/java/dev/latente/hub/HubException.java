package dev.latente.hub;

import java.io.IOException;

/// Files of the hub that cannot be had; the message says in one line what was asked for and why
/// not.
public final class HubException extends IOException {
  private static final long serialVersionUID = 1;

  public HubException(String message) {
    super(message);
  }

  public HubException(String message, Throwable cause) {
    super(message, cause);
  }
}
