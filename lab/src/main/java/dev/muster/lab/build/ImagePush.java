package dev.muster.lab.build;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import dev.muster.lab.host.LabException;
import dev.muster.lab.host.WrongLabException;
import dev.muster.lab.node.Image;
import dev.muster.lab.registry.DockerLogin;
import dev.muster.lab.registry.JavasProxies;
import dev.muster.source.Proxies;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLException;

/**
 * Pushes images to a registry, without a container daemon. Credentials come from Docker's own
 * configuration and are never shown.
 *
 * @param prefix registry and path, like {@code registry.example.com/drills}
 * @param insecure allows plain HTTP and certificates that nobody vouches for
 * @param environment names proxies, and the folder in which docker login keeps credentials
 */
public record ImagePush(String prefix, boolean insecure, Map<String, String> environment) {

  /** An image as the registry has it now. */
  public record Pushed(String repository, String tag, String digest) {}

  /**
   * Pushes one image under the last part of its name; layers that are there already are not sent
   * again. One at a time: the proxies of all of this process are those of the environment
   * meanwhile.
   *
   * @throws LabException if the registry cannot be reached or refuses
   * @throws WrongLabException if the environment names a proxy that cannot be used
   */
  public Pushed push(Image image) {
    Proxies proxies = new Proxies(environment);
    try (JavasProxies _ = JavasProxies.set(proxies)) {
      ImageReference target = target(image.name());
      refuseWrongProxy(proxies, target.getRegistry());
      var registry =
          RegistryImage.named(target)
              .addCredentialRetriever(DockerLogin.of(environment).retriever(target));
      var done =
          Jib.from(TarImage.at(image.archive()))
              .containerize(
                  Containerizer.to(registry)
                      .setAllowInsecureRegistries(insecure)
                      .setToolName("muster"));
      return new Pushed(
          target.getRegistry() + "/" + target.getRepository(),
          target.getTag().orElse("latest"),
          done.getDigest().toString());
    } catch (InvalidImageReferenceException e) {
      throw new LabException(
          prefix + " is no registry with a path, like registry.example.com/drills");
    } catch (IOException
        | RegistryException
        | ExecutionException
        | CacheDirectoryCreationException e) {
      throw new LabException("can not push " + image.name() + " to " + prefix + ": " + reason(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted while pushing " + image.name());
    }
  }

  /** Before jib sees it, whose threads would tell only that they failed. */
  private void refuseWrongProxy(Proxies proxies, String registry) {
    try {
      proxies.of(URI.create("https://" + registry));
      if (insecure) {
        proxies.of(URI.create("http://" + registry));
      }
    } catch (IllegalArgumentException e) {
      throw new WrongLabException(String.valueOf(e.getMessage()));
    }
  }

  /** The environment may hold passwords. */
  @Override
  public String toString() {
    return prefix;
  }

  /** {@code muster.dev/deepseek:1} becomes {@code PREFIX/deepseek:1}. */
  ImageReference target(String name) throws InvalidImageReferenceException {
    String last = name.substring(name.lastIndexOf('/') + 1);
    return ImageReference.parse(prefix.replaceAll("/+$", "") + "/" + last);
  }

  /** In words, with what to do about it. */
  static String reason(Exception e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    String told = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return cause instanceof SSLException
        ? told + "; --insecure permits plain HTTP and certificates that nobody vouches for"
        : told;
  }
}
