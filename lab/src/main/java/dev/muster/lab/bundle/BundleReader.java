package dev.muster.lab.bundle;

import dev.muster.drill.port.Progress;
import dev.muster.lab.host.Digests;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.tar.TarUtils;

/**
 * Reads a bundle as it comes, with a buffer and zstd's window of 128 MB and no more. Taken is only
 * what {@link BundleWriter} writes: the manifest, then exactly its files, then the end.
 *
 * @param deed for the progress: importing, verifying
 */
record BundleReader(String deed, Progress progress) {
  private static final int BLOCK = 512;

  /** Where the files go. */
  interface Sink {
    /**
     * Before any file; may refuse.
     *
     * @throws IOException if it cannot be written
     */
    void begin(BundleManifest manifest) throws IOException;

    /** Closed when all of the file has come, and before its digest is looked at. */
    OutputStream file(BundleManifest.Entry entry) throws IOException;
  }

  /** A bundle that is whole, with the digest of all of its bytes in hexadecimal. */
  record Whole(BundleManifest manifest, String sha256) {}

  /**
   * Reads to the end.
   *
   * @throws IOException saying what is the first thing that is wrong
   */
  Whole read(InputStream bundle, Sink sink) throws IOException {
    MessageDigest all = Digests.sha256();
    InputStream raw = new DigestInputStream(bundle, all);
    try (InputStream tar = Zstd.input(raw)) {
      BundleManifest manifest = manifest(tar);
      sink.begin(manifest);
      Share share = new Share(deed, manifest.bytes(), progress);
      for (BundleManifest.Entry entry : manifest.files()) {
        header(tar, entry.path(), entry.size());
        MessageDigest sha = Digests.sha256();
        try (OutputStream out = new DigestOutputStream(sink.file(entry), sha)) {
          share.copy(tar, out, entry.size());
        }
        padding(tar, entry.size());
        String found = HexFormat.of().formatHex(sha.digest());
        if (!found.equals(entry.sha256())) {
          throw new IOException(
              "%s has the digest sha256:%s, not sha256:%s as its manifest says"
                  .formatted(entry.path(), found, entry.sha256()));
        }
      }
      end(tar);
      if (raw.read() >= 0) {
        throw new IOException("something stands behind its end");
      }
      return new Whole(manifest, HexFormat.of().formatHex(all.digest()));
    } catch (EOFException e) {
      throw new IOException("it is cut short: " + e.getMessage());
    }
  }

  /**
   * Reads the manifest alone.
   *
   * @throws IOException saying what is wrong
   */
  static BundleManifest look(InputStream bundle) throws IOException {
    try (InputStream tar = Zstd.input(bundle)) {
      return manifest(tar);
    } catch (EOFException e) {
      throw new IOException("it is cut short: " + e.getMessage());
    }
  }

  private static BundleManifest manifest(InputStream tar) throws IOException {
    TarArchiveEntry head = header(tar);
    if (!head.getName().equals(BundleManifest.NAME)) {
      throw new IOException("it is no bundle of Muster: " + BundleManifest.NAME + " is not first");
    }
    if (head.getSize() > BundleManifest.MOST_BYTES) {
      throw new IOException("its manifest has more than " + BundleManifest.MOST_BYTES + " bytes");
    }
    byte[] json = exactly(tar, (int) head.getSize());
    padding(tar, json.length);
    return BundleManifest.read(json);
  }

  private static void header(InputStream tar, String path, long size) throws IOException {
    TarArchiveEntry found = header(tar);
    if (!found.getName().equals(path) || found.getSize() != size) {
      throw new IOException(
          "%s of %d bytes should come, and there is %s of %d bytes"
              .formatted(
                  path, size, found.getName().replaceAll("\\p{Cntrl}", "?"), found.getSize()));
    }
  }

  /** Of a file and nothing else: links, folders and long names are not in a bundle. */
  private static TarArchiveEntry header(InputStream tar) throws IOException {
    byte[] block = exactly(tar, BLOCK);
    if (Arrays.equals(block, new byte[BLOCK])) {
      throw new EOFException("it ends before the last of its files");
    }
    TarArchiveEntry entry;
    try {
      if (!TarUtils.verifyCheckSum(block)) {
        throw new IOException("an entry can not be read: its checksum is wrong");
      }
      entry = new TarArchiveEntry(block);
    } catch (IllegalArgumentException | UncheckedIOException e) {
      throw new IOException("an entry can not be read: " + e.getMessage());
    }
    if (entry.getLinkFlag() != TarConstants.LF_NORMAL || entry.getSize() < 0) {
      throw new IOException(
          entry.getName().replaceAll("\\p{Cntrl}", "?") + " in it is no plain file");
    }
    return entry;
  }

  private static void padding(InputStream tar, long size) throws IOException {
    exactly(tar, (int) ((BLOCK - size % BLOCK) % BLOCK));
  }

  private static void end(InputStream tar) throws IOException {
    for (byte b : exactly(tar, BundleWriter.TAIL)) {
      if (b != 0) {
        throw new IOException("it has more files than its manifest names");
      }
    }
    if (tar.read() >= 0) {
      throw new IOException("something stands behind its end");
    }
  }

  private static byte[] exactly(InputStream tar, int bytes) throws IOException {
    byte[] read = tar.readNBytes(bytes);
    if (read.length < bytes) {
      throw new EOFException("it ends " + (bytes - read.length) + " bytes too early");
    }
    return read;
  }
}
