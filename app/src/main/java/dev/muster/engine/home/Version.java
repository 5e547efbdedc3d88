package dev.muster.engine.home;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Which Muster this is: the version as pom.xml has it and Maven writes it into each jar, and the
 * commit, which an archive's file {@code release} has. Files are read only when it is asked for.
 */
public final class Version {
  /** Of classes that lie in no jar, as in tests. */
  private static final String NONE = "0-unpackaged";

  private Version() {}

  /** Like {@code 0.1.0} or {@code 0.1.0-SNAPSHOT}. */
  public static String number() {
    String place = "/META-INF/maven/dev.muster/app/pom.properties";
    try (InputStream maven = Version.class.getResourceAsStream(place)) {
      return maven == null ? NONE : number(maven);
    } catch (IOException e) { // a jar that cannot be read is none
      return NONE;
    }
  }

  static String number(InputStream maven) throws IOException {
    Properties jar = new Properties();
    jar.load(maven);
    return jar.getProperty("version", NONE);
  }

  /**
   * The commit that an archive was made from; null in a source tree, where nobody said it.
   *
   * @param dist the folder that Muster came in
   */
  public static @Nullable String commit(Path dist) {
    Path release = dist.resolve("release");
    if (!Files.isRegularFile(release)) {
      return null;
    }
    try (InputStream file = Files.newInputStream(release)) {
      Properties archive = new Properties();
      archive.load(file);
      return archive.getProperty("COMMIT");
    } catch (IOException e) { // the version is told all the same
      return null;
    }
  }
}
