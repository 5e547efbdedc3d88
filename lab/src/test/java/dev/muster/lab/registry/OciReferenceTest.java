package dev.muster.lab.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.lab.host.WrongLabException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OciReferenceTest {
  @ParameterizedTest
  @CsvSource({
    "oci://registry.example.com/tools/bundle:1, https://registry.example.com/v2/tools/bundle/x, 1",
    "oci://registry.example.com/bundle, https://registry.example.com/v2/bundle/x, latest",
    "oci://127.0.0.1:5000/a/b:c, http://127.0.0.1:5000/v2/a/b/x, c",
    "oci://localhost/b, http://localhost/v2/b/x, latest",
    "oci://localhost.example.com/b, https://localhost.example.com/v2/b/x, latest",
    "oci://docker.io/me/b:1, https://registry-1.docker.io/v2/me/b/x, 1"
  })
  void aPlaceIsReadAsDockerReadsIt(String where, String uri, String qualifier) {
    OciReference reference = OciReference.of(where);
    assertThat(reference.uri("x")).hasToString(uri);
    assertThat(reference.qualifier()).isEqualTo(qualifier);
    assertThat(reference.byDigest()).isFalse();
  }

  @Test
  void aDigestComesBeforeATag() {
    String digest = "sha256:" + "a".repeat(64);
    for (String tag : new String[] {"", ":1"}) {
      OciReference reference = OciReference.of("oci://registry.example.com/b" + tag + "@" + digest);
      assertThat(reference.qualifier()).isEqualTo(digest);
      assertThat(reference.byDigest()).isTrue();
      assertThat(reference.at(digest)).isEqualTo("oci://registry.example.com/b@" + digest);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "oci://",
        "oci://bundle",
        "oci://tools/bundle",
        "oci://registry.example.com/",
        "oci://registry.example.com/Bundle",
        "oci://registry.example.com/b@sha256:12",
        "oci://registry.example.com/b:a b"
      })
  void whatIsNoneIsToldWithItsForm(String where) {
    assertThatThrownBy(() -> OciReference.of(where))
        .isInstanceOf(WrongLabException.class)
        .hasMessageStartingWith(where)
        .hasMessageEndingWith("oci://REGISTRY/REPOSITORY[:TAG|@sha256:DIGEST]");
  }
}
