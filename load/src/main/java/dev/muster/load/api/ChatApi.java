package dev.muster.load.api;

import dev.muster.load.answer.AnswerJudge;
import dev.muster.load.answer.AnswerRules;
import dev.muster.load.answer.WholeBody;
import dev.muster.load.answer.reader.AnswerReader;
import dev.muster.load.http.ResponseHead;
import dev.muster.load.prompt.Question;

/**
 * Chat completions, as OpenAI began them.
 *
 * @param dialect of the server
 */
record ChatApi(Dialect dialect) implements Api {

  @Override
  public ApiRequest ask(Question question, HttpChatClient.Spec spec) {
    return ApiRequest.post(
        () -> ChatBody.of(question, spec, dialect).json(),
        spec.stream(),
        true,
        head -> judge(head, spec.stream(), spec.seed() != null, question));
  }

  private AnswerJudge judge(
      ResponseHead head, boolean stream, boolean digested, Question question) {
    var chain = head.first(AnswerRules.CHAIN_HEADER).orElse(null);
    var rules = new AnswerRules(dialect.usage(), false, digested).announced(chain);
    var reader = new AnswerReader(rules, rules.chain() ? question.lastUserContent() : "");
    return stream ? reader : new WholeBody(reader::whole);
  }
}
