package dev.muster.deepseek.worker;

import dev.muster.deepseek.wire.Json;
import dev.muster.deepseek.wire.chat.ChatRequest;
import dev.muster.deepseek.wire.chat.SchemaExample;
import dev.muster.deepseek.wire.chat.StopSearch;
import dev.muster.deepseek.wire.chat.TokenChain;
import dev.muster.deepseek.wire.chat.Tools;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What an answer says, token by token: no model decides, the request does. One thread uses it.
 *
 * @param prefix tokens of the prefix, where the prefix is made of our own; they are not said again
 * @param total tokens to be generated
 * @param reasoning how many of them are thinking
 * @param told how many of them the client gets; those behind belong to a stop sequence
 * @param pieces at least those that are told
 * @param rest text before the stop sequence, of the first token that is not told
 * @param finishReason as the API names it
 */
record Script(
    int prefix,
    int total,
    int reasoning,
    int told,
    Iterator<Piece> pieces,
    String rest,
    String finishReason) {

  /** What one token says. */
  sealed interface Piece {
    record Thought(String text) implements Piece {}

    record Text(String text) implements Piece {}

    /** The first of a call. */
    record Call(int index, String id, String function) implements Piece {}

    record Arguments(int index, String part) implements Piece {}
  }

  /** A JSON object or a call follows after so many tokens, as far as they are thinking. */
  private static final int BEFORE_STRUCTURE = 64;

  private static final int CHARACTERS_OF_A_TOKEN = 4;

  /**
   * @param naturalLimit most tokens of an answer
   * @param share part of the tokens that is thinking, when thinking is on
   */
  static Script of(ChatRequest chat, int naturalLimit, double share) {
    var thinking = chat.thinking() ? share : 0;
    if (chat.json() || !chat.calls().isEmpty()) {
      return structure(chat, (int) (BEFORE_STRUCTURE * thinking));
    }
    var chain = TokenChain.after(chat.lastUser(), chat.prefix());
    int before = chain.taken();
    int total = chat.answerTokens(naturalLimit, before);
    int reasoning = Math.max(0, (int) ((before + total) * thinking) - before);
    // who set a bound is taken to have cut an answer that would have been as long as can be
    boolean more = chat.maxTokens() > 0 && before + total < naturalLimit;
    return cut(
        chat,
        before,
        total,
        reasoning,
        text(chain, reasoning),
        () -> text(TokenChain.after(chat.lastUser(), chat.prefix()), reasoning),
        more ? "length" : "stop");
  }

  private static Iterator<Piece> text(TokenChain chain, int reasoning) {
    return IntStream.iterate(0, i -> i + 1)
        .mapToObj(i -> i < reasoning ? thought(chain) : new Piece.Text(chain.next()))
        .iterator();
  }

  private static Piece thought(TokenChain chain) {
    return new Piece.Thought(chain.next());
  }

  private static Script structure(ChatRequest chat, int reasoning) {
    var chain = new TokenChain(chat.lastUser());
    var thoughts = IntStream.range(0, reasoning).mapToObj(_ -> thought(chain)).toList();
    var said = chat.json() ? object(chain, length(chat)) : calls(chat.calls(), chain);
    var all = Stream.concat(thoughts.stream(), said.stream()).toList();
    int wanted = chat.maxTokens() > 0 ? chat.maxTokens() : Integer.MAX_VALUE;
    var finish = chat.json() ? "stop" : "tool_calls";
    return cut(
        chat,
        0,
        Math.min(all.size(), wanted),
        Math.min(reasoning, wanted),
        all.iterator(),
        all,
        all.size() > wanted ? "length" : finish);
  }

  /** The same, said with other pieces. */
  Script told(Iterator<Piece> others) {
    return new Script(prefix, total, reasoning, told, others, rest, finishReason);
  }

  private static int length(ChatRequest chat) {
    return 8 + new TokenChain(chat.lastUser()).seed() % 16;
  }

  /** The tokens of the chain as the elements of an array. */
  private static List<Piece> object(TokenChain chain, int tokens) {
    var pieces = new ArrayList<Piece>();
    for (int i = 0; i < tokens; i++) {
      pieces.add(
          new Piece.Text(
              (i == 0 ? "{\"tokens\":[" : ",")
                  + Json.quote(chain.next().strip())
                  + (i == tokens - 1 ? "]}" : "")));
    }
    return pieces;
  }

  private static List<Piece> calls(List<Tools.Function> functions, TokenChain chain) {
    var pieces = new ArrayList<Piece>();
    for (int i = 0; i < functions.size(); i++) {
      var function = functions.get(i);
      pieces.add(new Piece.Call(i, "call_" + i + "_" + digits(chain), function.name()));
      var arguments =
          SchemaExample.of(function.parameters(), () -> chain.next().strip()).toString();
      for (int at = 0; at < arguments.length(); at += CHARACTERS_OF_A_TOKEN) {
        int end = Math.min(arguments.length(), at + CHARACTERS_OF_A_TOKEN);
        pieces.add(new Piece.Arguments(i, arguments.substring(at, end)));
      }
    }
    return pieces;
  }

  private static String digits(TokenChain chain) {
    var token = chain.next().strip();
    return token.substring(token.indexOf('.') + 1);
  }

  /**
   * @param again the same pieces once more, to look for the end in
   */
  private static Script cut(
      ChatRequest chat,
      int prefix,
      int total,
      int reasoning,
      Iterator<Piece> pieces,
      Iterable<Piece> again,
      String finishReason) {
    if (chat.stop().isEmpty()) {
      return new Script(prefix, total, reasoning, total, pieces, "", finishReason);
    }
    var search = new StopSearch(chat.stop());
    var texts = new ArrayList<String>();
    var look = again.iterator();
    for (int i = 0; i < total; i++) {
      if (look.next() instanceof Piece.Text(var text)) {
        texts.add(text);
        if (search.ends(text)) {
          return ended(prefix, i + 1, texts, search.cut(), pieces);
        }
      }
    }
    return new Script(prefix, total, reasoning, total, pieces, "", finishReason);
  }

  private static Script ended(
      int prefix, int total, List<String> texts, long cut, Iterator<Piece> pieces) {
    int reasoning = total - texts.size();
    int whole = 0;
    long left = cut;
    while (whole < texts.size() && texts.get(whole).length() <= left) {
      left -= texts.get(whole++).length();
    }
    var rest = whole < texts.size() ? texts.get(whole).substring(0, (int) left) : "";
    return new Script(prefix, total, reasoning, reasoning + whole, pieces, rest, "stop");
  }
}
