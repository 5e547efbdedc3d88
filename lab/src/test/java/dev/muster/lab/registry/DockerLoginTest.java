package dev.muster.lab.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.tools.jib.api.Credential;
import com.google.cloud.tools.jib.api.ImageReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockerLoginTest {
  private static final ImageReference IMAGE =
      ImageReference.of("registry.example.com", "bundle", "1");

  @TempDir Path folder;

  private DockerLogin login(String json) throws IOException {
    Files.writeString(folder.resolve("config.json"), json);
    return DockerLogin.of(Map.of("DOCKER_CONFIG", folder.toString()));
  }

  @Test
  void whoLoggedInIsKnown() throws IOException {
    assertThat(
            login("{\"auths\": {\"registry.example.com\": {\"auth\": \"bWU6d29yZA==\"}}}")
                .credential(IMAGE))
        .contains(Credential.from("me", "word"));
    assertThat(
            login("{\"auths\": {\"other.example.com\": {\"auth\": \"eDp5\"}}}").credential(IMAGE))
        .isEmpty();
  }

  @Test
  void whoNeverDidIsNobody() throws IOException {
    assertThat(DockerLogin.of(Map.of("DOCKER_CONFIG", folder + "/none")).credential(IMAGE))
        .isEmpty();
    assertThat(DockerLogin.of(Map.of()).config())
        .isEqualTo(Path.of(System.getProperty("user.home"), ".docker/config.json"));
  }

  /** What is public needs nobody; what is not tells to log in. */
  @Test
  void aFileThatIsNoneKnowsNobody() throws IOException {
    assertThat(login("no json").credential(IMAGE)).isEmpty();
  }
}
