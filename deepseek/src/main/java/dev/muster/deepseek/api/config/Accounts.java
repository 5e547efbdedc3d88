package dev.muster.deepseek.api.config;

import dev.muster.deepseek.wire.ApiError;
import dev.muster.deepseek.wire.Json;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The keys that are let in, and how much money is behind each. Answers cost nothing here. */
public record Accounts(Map<String, BigDecimal> balances) {
  private static final Pattern WITH_BALANCE = Pattern.compile("(.+):(\\d{1,9}(?:\\.\\d{1,2})?)");
  private static final BigDecimal USUAL = new BigDecimal("110.00");

  /**
   * @param keys each a key, or a key, a colon and its balance
   */
  static Accounts of(List<String> keys) {
    var balances = new LinkedHashMap<String, BigDecimal>();
    for (var each : keys) {
      var form = WITH_BALANCE.matcher(each);
      if (form.matches()) {
        balances.put(form.group(1), new BigDecimal(form.group(2)));
      } else {
        balances.put(each, USUAL);
      }
    }
    return new Accounts(balances);
  }

  public List<String> keys() {
    return List.copyOf(balances.keySet());
  }

  /**
   * @throws ApiError 402 where nothing is left
   */
  public void pay(String key) {
    if (balance(key).signum() == 0) {
      throw ApiError.insufficientBalance();
    }
  }

  /** What {@code /user/balance} tells. */
  public String json(String key) {
    var balance = balance(key);
    return Json.object(json ->
        json.writeBooleanProperty("is_available", balance.signum() > 0)
            .writeArrayPropertyStart("balance_infos")
            .writeStartObject()
            .writeStringProperty("currency", "CNY")
            .writeStringProperty("total_balance", plain(balance))
            .writeStringProperty("granted_balance", "0.00")
            .writeStringProperty("topped_up_balance", plain(balance))
            .writeEndObject()
            .writeEndArray());
  }

  private BigDecimal balance(String key) {
    return balances.getOrDefault(key, USUAL);
  }

  private static String plain(BigDecimal amount) {
    return amount.setScale(2).toPlainString();
  }
}
