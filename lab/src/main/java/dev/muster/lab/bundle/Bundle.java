package dev.muster.lab.bundle;

import dev.muster.drill.port.Progress;
import dev.muster.lab.build.Archive;
import dev.muster.lab.host.CacheLock;
import dev.muster.lab.host.LabException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Components and images of one version of Muster for one architecture, in one file.
 *
 * @param sha256 what the file's digest must be, hexadecimal; null where nobody knows it
 */
public record Bundle(BundleSource source, @Nullable String sha256, Progress progress) {
  private static final BundleReader.Sink NOWHERE =
      new BundleReader.Sink() {
        @Override
        public void begin(BundleManifest manifest) {}

        @Override
        public OutputStream file(BundleManifest.Entry entry) {
          return OutputStream.nullOutputStream();
        }
      };

  /** What was found good. */
  public record Good(BundleManifest manifest, String sha256) {}

  /** Of this machine, by Go's name. */
  public static String architecture() {
    return Archive.architecture(System.getProperty("os.arch"));
  }

  /**
   * Looks at every byte and keeps none.
   *
   * @throws LabException saying what is the first thing that is wrong
   */
  public Good verify() {
    try (InputStream in = source.open(sha256)) {
      return read(in, "verifying", NOWHERE);
    } catch (IOException e) {
      throw source.trouble(e);
    }
  }

  /**
   * Reads what it holds and no further: whether all of it is as it says is not known then.
   *
   * @param version of this Muster; a bundle of another is refused
   * @param architecture of this machine; likewise
   * @throws LabException if it cannot be had, or is not for this Muster and machine
   */
  public BundleManifest look(String version, String architecture) {
    try (InputStream in = source.open(sha256)) {
      BundleManifest manifest = BundleReader.look(in);
      manifest.refuseUnfit(version, architecture);
      return manifest;
    } catch (IOException e) {
      throw source.trouble(e);
    }
  }

  /**
   * Puts its files into a cache: all of them, or none where anything of it is wrong. Safe for
   * several Musters at once.
   *
   * @param version of this Muster; a bundle of another is refused
   * @param architecture of this machine; likewise
   * @throws LabException saying what is wrong
   */
  public Good into(Path cache, String version, String architecture) {
    try (InputStream in = source.open(sha256);
        CacheLock _ = CacheLock.of(cache.resolve("bundle.lock"), "imports a bundle", progress);
        Unpacked unpacked = new Unpacked(cache, version, architecture, progress)) {
      Good good = read(in, "importing", unpacked);
      unpacked.publish(good.manifest());
      return good;
    } catch (IOException e) {
      throw source.trouble(e);
    }
  }

  private Good read(InputStream in, String deed, BundleReader.Sink sink) throws IOException {
    BundleReader.Whole whole = new BundleReader(deed + " the bundle", progress).read(in, sink);
    if (sha256 != null && !sha256.equals(whole.sha256())) {
      throw new IOException(
          "its digest is sha256:%s, not sha256:%s".formatted(whole.sha256(), sha256));
    }
    return new Good(whole.manifest(), whole.sha256());
  }
}
