package dev.muster.lab.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** SHA-256 of texts, bytes, files and folders: the names under which things are cached. */
public final class Digests {
  private Digests() {}

  public static String text(String text) {
    return bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  public static String bytes(byte[] content) {
    return HexFormat.of().formatHex(sha256().digest(content));
  }

  /** Of a file's content, or of a folder's files with their names in order. */
  public static String content(Path path) {
    try (Stream<Path> tree = Files.walk(path)) {
      List<Path> files = tree.filter(Files::isRegularFile).sorted().toList();
      StringBuilder all = new StringBuilder();
      for (Path file : files) {
        all.append(path.relativize(file)).append(' ').append(file(file)).append('\n');
      }
      return text(all.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static String file(Path file) {
    MessageDigest sha = sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha)) {
      in.transferTo(java.io.OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
