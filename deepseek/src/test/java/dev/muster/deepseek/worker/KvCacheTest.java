package dev.muster.deepseek.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KvCacheTest {
  private final KvCache cache = new KvCache(8);

  /** A prompt of so many full blocks, each filled with the letter at its place. */
  private static Prompt prompt(String letters) {
    var text = new StringBuilder();
    for (int weight = 0; weight < letters.length() * 10 * KvCache.BLOCK; weight += 3) {
      text.append(letters.charAt(weight / 10 / KvCache.BLOCK));
    }
    var body = "{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}".formatted(text);
    return Prompt.of(letters.length() * KvCache.BLOCK, body.getBytes(StandardCharsets.UTF_8));
  }

  /** Computes the whole prompt. */
  private KvCache.Table hold(Prompt prompt) {
    var table = new KvCache.Table();
    var found = cache.attach(table, prompt);
    assertThat(cache.grow(table, prompt.tokens())).isTrue();
    cache.name(table, prompt, found, prompt.tokens());
    return table;
  }

  private int found(Prompt prompt) {
    var table = new KvCache.Table();
    var found = cache.attach(table, prompt);
    cache.release(table);
    return found;
  }

  @Test
  void whatBeginsAlikeIsSharedWhileItIsUsedAndAfterwards() {
    var first = hold(prompt("abc"));
    assertThat(found(prompt("abx"))).isEqualTo(32);
    var second = hold(prompt("abx"));
    assertThat(cache.free()).as("four blocks hold both").isEqualTo(4);
    cache.release(first);
    assertThat(cache.free()).as("a and b are the second's as well").isEqualTo(5);
    cache.release(second);
    assertThat(cache.usage()).isZero();
    assertThat(found(prompt("abxy"))).isEqualTo(48);
    assertThat(found(prompt("xb"))).as("the same block behind another beginning").isZero();
  }

  @Test
  void theLastTokenOfAPromptIsAlwaysComputed() {
    cache.release(hold(prompt("ab")));
    assertThat(found(prompt("ab"))).isEqualTo(16);
  }

  @Test
  void whatWasUsedLastIsKeptLongestAndABeginningLongerThanItsEnd() {
    cache.release(hold(prompt("abcd")));
    cache.release(hold(prompt("wxyz")));
    var other = new KvCache.Table();
    assertThat(cache.grow(other, 3 * KvCache.BLOCK)).isTrue();
    assertThat(found(prompt("abcdefgh"))).isEqualTo(16);
    assertThat(found(prompt("wxyzefgh"))).isEqualTo(64);
  }

  @Test
  void tooFewFreeBlocksChangeNothing() {
    var table = hold(prompt("abcdef"));
    var other = new KvCache.Table();
    assertThat(cache.grow(other, 3 * KvCache.BLOCK)).isFalse();
    assertThat(cache.free()).isEqualTo(2);
    assertThat(cache.grow(other, 2 * KvCache.BLOCK)).isTrue();
    assertThat(cache.usage()).isEqualTo(1);
    cache.release(table);
    cache.release(other);
    assertThat(cache.free()).isEqualTo(8);
  }

  @Test
  void twoThatComputeTheSameAtTheSameTimeLoseNoBlock() {
    var prompt = prompt("abc");
    var tables = new KvCache.Table[] {new KvCache.Table(), new KvCache.Table()};
    for (var table : tables) {
      assertThat(cache.grow(table, prompt.tokens())).isTrue();
    }
    for (var table : tables) {
      cache.name(table, prompt, 0, prompt.tokens());
    }
    assertThat(cache.free()).isEqualTo(2);
    cache.release(tables[0]);
    cache.release(tables[1]);
    assertThat(cache.free()).isEqualTo(8);
    assertThat(found(prompt)).isEqualTo(32);
  }

  @Test
  void blocksAreNeverLostNorMade() {
    for (long seed = 0; seed < 300; seed++) {
      var random = new Random(seed);
      var held = new ArrayList<KvCache.Table>();
      var fresh = new KvCache(8);
      for (int i = 0; i < 200; i++) {
        if (random.nextBoolean() && !held.isEmpty()) {
          fresh.release(held.remove(random.nextInt(held.size())));
          continue;
        }
        var letters = new StringBuilder();
        for (int k = random.nextInt(4); k >= 0; k--) {
          letters.append((char) ('a' + random.nextInt(2)));
        }
        var prompt = prompt(letters.toString());
        var table = new KvCache.Table();
        var found = fresh.attach(table, prompt);
        if (fresh.grow(table, prompt.tokens())) {
          fresh.name(table, prompt, found, prompt.tokens());
          held.add(table);
        } else {
          fresh.release(table);
        }
        var most = held.stream().mapToInt(KvCache.Table::size).sum();
        assertThat(8 - fresh.free()).as("seed %d", seed).isBetween(most == 0 ? 0 : 1, most);
      }
      held.forEach(fresh::release);
      assertThat(fresh.free()).as("seed %d", seed).isEqualTo(8);
    }
  }

  @Test
  void whatIsForgottenIsNotFoundAndItsBlocksAreFree() {
    var used = hold(prompt("ab"));
    cache.release(hold(prompt("xyz")));
    cache.forget();
    assertThat(cache.free()).isEqualTo(6);
    assertThat(found(prompt("xyz"))).isZero();
    assertThat(found(prompt("abc"))).as("also while it is used").isZero();
    var anew = hold(prompt("abc"));
    assertThat(found(prompt("abcd"))).isEqualTo(48);
    cache.release(anew);
    cache.release(used);
    assertThat(cache.free()).isEqualTo(8);
    assertThat(found(prompt("abcd"))).isEqualTo(48);
    assertThat(hold(prompt("12345678")).size()).as("all blocks can be had").isEqualTo(8);
  }
}
