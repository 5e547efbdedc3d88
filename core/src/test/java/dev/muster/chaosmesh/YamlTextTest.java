package dev.muster.chaosmesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.source.SourceTree;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlTextTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "worker",
        "yes",
        "null",
        "1",
        "1.5",
        "0x1F",
        "1e3",
        "~",
        "a: b",
        "a #b",
        "- a",
        "",
        " a",
        "it's",
        "\"",
        "a\nb",
        "{a}",
        "10.0.0.0/8",
        "1.2.3.4",
        "90s",
        "50%",
        "http://a:80/b",
        "a,b",
        "true",
        "部署",
        "a\\b",
        "*a",
        "&a",
        "!a"
      })
  void aTextStaysTheTextThatItWas(String text) {
    var tree = SourceTree.of("v: [" + YamlText.flow(text) + "]", "t.yaml");

    assertThat(tree.problems()).isEmpty();
    assertThat(tree.root().at("/v/0").isString()).isTrue();
    assertThat(tree.root().at("/v/0").asString()).isEqualTo(text);
  }
}
