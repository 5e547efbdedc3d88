package dev.muster.lab.bundle;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import com.github.luben.zstd.util.Native;
import dev.muster.lab.host.LabException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Consumer;

/**
 * Streams of zstd, whose native code comes in a jar and is put into a folder to be loaded. Where
 * the temporary folder is mounted noexec, as hardened machines have it, another one is taken.
 */
final class Zstd {
  private Zstd() {}

  /** With the window that is taken without being asked for, 128 MB. */
  static InputStream input(InputStream from) throws IOException {
    load();
    return new ZstdInputStreamNoFinalizer(from).setLongMax(BundleWriter.WINDOW);
  }

  static OutputStream output(OutputStream to, int level) throws IOException {
    load();
    return new ZstdOutputStreamNoFinalizer(to, level)
        .setChecksum(true)
        .setLong(BundleWriter.WINDOW);
  }

  private static void load() {
    if (!Native.isLoaded()) {
      load(
          List.of(
              Path.of(System.getProperty("java.io.tmpdir")),
              Path.of(System.getProperty("user.home")),
              Path.of("").toAbsolutePath()),
          Native::load);
    }
  }

  /**
   * From the first folder that allows it.
   *
   * @throws LabException if none does
   */
  static void load(List<Path> folders, Consumer<File> loader) {
    List<String> reasons = new ArrayList<>();
    for (Path folder : new LinkedHashSet<>(folders)) {
      if (!Files.isWritable(folder)) {
        reasons.add(folder + " can not be written");
        continue;
      }
      try {
        loader.accept(folder.toFile());
        return;
      } catch (LinkageError e) {
        reasons.add(folder + ": " + reason(e));
      }
    }
    throw new LabException(
        "the native code of zstd, by which bundles are packed, can not be loaded ("
            + String.join("; ", reasons)
            + "); remount one of these folders with exec, or name another:"
            + " JDK_JAVA_OPTIONS=-Djava.io.tmpdir=FOLDER");
  }

  private static String reason(LinkageError e) {
    String told = String.valueOf(e.getMessage());
    return told.contains("Operation not permitted") || told.contains("failed to map segment")
        ? "it is mounted noexec"
        : told.lines().findFirst().orElse("");
  }
}
