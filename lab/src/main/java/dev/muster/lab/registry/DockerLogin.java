package dev.muster.lab.registry;

import com.google.cloud.tools.jib.api.Credential;
import com.google.cloud.tools.jib.api.CredentialRetriever;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.frontend.CredentialRetrieverFactory;
import com.google.cloud.tools.jib.registry.credentials.CredentialRetrievalException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The credentials that {@code docker login} kept, in a file or with a helper.
 *
 * @param config Docker's file, which need not be there
 */
public record DockerLogin(Path config) {

  /** In {@code $DOCKER_CONFIG}, or where Docker has it without. */
  public static DockerLogin of(Map<String, String> environment) {
    String folder = environment.getOrDefault("DOCKER_CONFIG", "");
    return new DockerLogin(
        (folder.isBlank() ? Path.of(System.getProperty("user.home"), ".docker") : Path.of(folder))
            .resolve("config.json"));
  }

  public CredentialRetriever retriever(ImageReference of) {
    return CredentialRetrieverFactory.forImage(of, event -> {}).dockerConfig(config);
  }

  /**
   * Those for a registry; empty where nobody logged in to it, or Docker's file cannot be read.
   *
   * @throws IOException if the helper that keeps them fails
   */
  Optional<Credential> credential(ImageReference of) throws IOException {
    try {
      return retriever(of).retrieve();
    } catch (CredentialRetrievalException e) {
      throw new IOException("can not have the credentials of " + config + ": " + e.getMessage());
    }
  }
}
