package dev.muster.lab.bundle;

import dev.muster.drill.port.Progress;
import dev.muster.lab.build.CachedFile;
import dev.muster.lab.build.Components;
import dev.muster.lab.build.Images;
import dev.muster.lab.host.Digests;
import dev.muster.lab.host.LabException;
import dev.muster.source.Trouble;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Writes a bundle: a tar, compressed with zstd. The same files give the same bytes: their order,
 * times and owners are fixed.
 */
public record BundleWriter(String version, String architecture, Progress progress) {
  /** 1581 MB become 402 MB in a minute of one core. */
  private static final int LEVEL = 9;

  /** 128 MB, the most that zstd unpacks without being asked: a program is in its image again. */
  static final int WINDOW = 27;

  /** What a whole tar ends with. */
  static final int TAIL = 2 * 512;

  /** A bundle as it was written, with its digest in hexadecimal. */
  public record Written(BundleManifest manifest, String sha256, long size) {}

  /**
   * Packs what a lab of that version needs, with monitoring. All of it must be in the cache.
   *
   * @param kubernetes full version
   */
  public Written write(Path out, String kubernetes, Components components, Images images) {
    List<CachedFile> sources =
        new ArrayList<>(components.files(components.needed(kubernetes, true)));
    sources.addAll(images.files());
    return write(out, kubernetes, sources);
  }

  /**
   * Writes it beside, and moves it there when it is whole.
   *
   * @throws LabException if a file cannot be read, or the bundle not be written
   */
  public Written write(Path out, String kubernetes, List<CachedFile> sources) {
    List<CachedFile> sorted =
        sources.stream()
            .sorted(Comparator.comparing(CachedFile::component).thenComparing(CachedFile::path))
            .toList();
    progress.say("digests of " + sorted.size() + " files");
    Path fresh = out.resolveSibling("." + out.getFileName() + ".new");
    try {
      BundleManifest manifest = manifest(kubernetes, sorted);
      String sha256 = write(fresh, manifest, sorted);
      Files.move(fresh, out, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return new Written(manifest, sha256, Files.size(out));
    } catch (IOException e) {
      throw new LabException("can not write the bundle " + out + ": " + Trouble.why(e));
    } finally {
      try {
        Files.deleteIfExists(fresh);
      } catch (IOException e) {
        progress.say("left behind: " + fresh + " (" + Trouble.why(e) + ")");
      }
    }
  }

  private BundleManifest manifest(String kubernetes, List<CachedFile> sources) throws IOException {
    List<BundleManifest.Entry> entries = new ArrayList<>();
    for (CachedFile source : sources) {
      entries.add(
          new BundleManifest.Entry(
              source.path(),
              Files.size(source.file()),
              Digests.file(source.file()),
              source.component(),
              source.version()));
    }
    return new BundleManifest(
        BundleManifest.FORMAT, version, architecture, kubernetes, List.copyOf(entries));
  }

  private String write(Path file, BundleManifest manifest, List<CachedFile> sources)
      throws IOException {
    MessageDigest sha = Digests.sha256();
    try (OutputStream raw = new DigestOutputStream(Files.newOutputStream(file), sha);
        OutputStream packed = Zstd.output(raw, LEVEL);
        var tar = new TarArchiveOutputStream(packed, 512, StandardCharsets.UTF_8.name())) {
      byte[] head = manifest.json().getBytes(StandardCharsets.UTF_8);
      tar.putArchiveEntry(entry(BundleManifest.NAME, head.length));
      tar.write(head);
      tar.closeArchiveEntry();
      Share share = new Share("packing", manifest.bytes(), progress);
      for (int i = 0; i < sources.size(); i++) {
        BundleManifest.Entry entry = manifest.files().get(i);
        tar.putArchiveEntry(entry(entry.path(), entry.size()));
        try (InputStream in = Files.newInputStream(sources.get(i).file())) {
          share.copy(in, tar, entry.size());
        }
        tar.closeArchiveEntry();
      }
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  private static TarArchiveEntry entry(String path, long size) {
    var entry = new TarArchiveEntry(path);
    entry.setSize(size);
    entry.setModTime(0);
    entry.setMode(BundleManifest.executable(path) ? 0100755 : 0100644);
    entry.setIds(0, 0);
    entry.setNames("", "");
    return entry;
  }
}
