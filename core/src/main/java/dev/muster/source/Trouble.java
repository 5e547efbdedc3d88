package dev.muster.source;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why a file could not be read or written, for a message that names the file itself. */
public final class Trouble {
  private Trouble() {}

  /** Without the path, which Java puts into the message, and often as all of it. */
  public static String why(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "no such file or folder";
      case AccessDeniedException _ -> "permission denied";
      case FileAlreadyExistsException _ -> "it is there already, and is no folder";
      case FileNotFoundException f when text(f).endsWith(")") -> // of java.io: "path (reason)"
          text(f).substring(text(f).lastIndexOf('(') + 1, text(f).length() - 1);
      case FileSystemException f when f.getReason() != null -> f.getReason();
      default -> text(e);
    };
  }

  private static String text(IOException e) {
    return String.valueOf(e.getMessage());
  }
}
