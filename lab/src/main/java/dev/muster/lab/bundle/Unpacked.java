package dev.muster.lab.bundle;

import dev.muster.drill.port.Progress;
import dev.muster.lab.build.Components;
import dev.muster.lab.build.Images;
import dev.muster.lab.host.CacheLock;
import dev.muster.lab.host.Command;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;

/**
 * A bundle's files beside the cache's own, until all of them are known to be good; then each folder
 * and archive is moved to its place in one step. What a killed import left is removed by the next,
 * and takes part in nothing until then.
 */
final class Unpacked implements BundleReader.Sink, AutoCloseable {
  private static final long SPARE = 1_000_000_000L;

  private final Path cache;
  private final Path folder;
  private final String version;
  private final String architecture;
  private final Progress progress;

  /** The caller holds the lock of imports. */
  Unpacked(Path cache, String version, String architecture, Progress progress) {
    this.cache = cache;
    this.folder = cache.resolve("bundle.new");
    this.version = version;
    this.architecture = architecture;
    this.progress = progress;
  }

  @Override
  public void begin(BundleManifest manifest) throws IOException {
    manifest.refuseUnfit(version, architecture);
    close();
    Files.createDirectories(folder);
    long free = folder.toFile().getUsableSpace();
    if (free < manifest.bytes() + SPARE) {
      throw new IOException(
          "it needs %d MB in %s, where %d MB are free"
              .formatted((manifest.bytes() + SPARE) / 1_000_000, cache, free / 1_000_000));
    }
  }

  @Override
  public OutputStream file(BundleManifest.Entry entry) throws IOException {
    Path file = folder.resolve(entry.path());
    Files.createDirectories(file.getParent());
    OutputStream out = Files.newOutputStream(file);
    if (BundleManifest.executable(entry.path()) && !file.toFile().setExecutable(true, false)) {
      out.close();
      throw new IOException("can not make " + file + " executable");
    }
    return out;
  }

  /** Sets first, then archives, then what names the archives: each is whole when it is found. */
  void publish(BundleManifest manifest) throws IOException {
    List<String> sets =
        manifest.files().stream()
            .map(BundleManifest.Entry::path)
            .filter(path -> path.startsWith("bin/"))
            .map(path -> path.substring("bin/".length(), path.lastIndexOf('/')))
            .distinct()
            .toList();
    for (String set : sets) {
      publish(set);
    }
    List<String> images =
        manifest.files().stream()
            .map(BundleManifest.Entry::path)
            .filter(path -> path.startsWith("images/"))
            .sorted(Comparator.comparing((String path) -> path.endsWith(Images.REFERENCE)))
            .toList();
    Files.createDirectories(cache.resolve("images"));
    for (String image : images) {
      Files.move(
          folder.resolve(image),
          cache.resolve(image),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private void publish(String set) throws IOException {
    Path target = cache.resolve("bin").resolve(set);
    Path lock = target.resolveSibling(set + ".lock");
    try (CacheLock _ = CacheLock.of(lock, "makes " + set, progress)) {
      Path fresh = folder.resolve("bin").resolve(set);
      if (same(target.resolve(Components.KEY), fresh.resolve(Components.KEY))) {
        return; // a lab may be running from it
      }
      if (Files.exists(target)) {
        Files.move(target, folder.resolve(set + ".old"), StandardCopyOption.ATOMIC_MOVE);
      }
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static boolean same(Path kept, Path fresh) throws IOException {
    return Files.exists(kept) && Files.exists(fresh) && Files.mismatch(kept, fresh) < 0;
  }

  @Override
  public void close() {
    Command.run("rm", "-rf", folder.toString());
  }
}
