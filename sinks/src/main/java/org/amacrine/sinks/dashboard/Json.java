package org.amacrine.sinks.dashboard;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Messages as JSON: strict, without keys that come twice, of bounded depth and length. */
final class Json {
    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(16)
                            .maxNumberLength(64)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /** An object to fill. */
    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** A message of that type. */
    static ObjectNode message(String type) {
        return object().put("type", type);
    }

    /** The answer that something went wrong. */
    static ObjectNode error(JsonNode id, String message) {
        ObjectNode error = message("error");
        error.set("id", id == null ? MAPPER.nullNode() : id);
        return error.put("message", message);
    }

    /** Any value as JSON. */
    static JsonNode of(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** A message; throws {@link IllegalArgumentException} when the text is none. */
    static ObjectNode parse(String text) {
        JsonNode node;
        try {
            node = MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
        }
        if (!(node instanceof ObjectNode object)) {
            throw new IllegalArgumentException("a message is a JSON object, for example {\"id\": 1, \"do\": \"ping\"}");
        }
        return object;
    }

    /** The text of a message. */
    static String text(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The {@code id} of a message, a whole number or a text; null when it has none. */
    static JsonNode id(ObjectNode message) {
        JsonNode id = message.get("id");
        if (id == null || id.isNull()) {
            return null;
        }
        if (!id.isIntegralNumber() && !id.isTextual()) {
            throw new IllegalArgumentException("id must be a whole number or a text but was " + id);
        }
        return id;
    }

    /** A number of a message, or {@code otherwise} when it is not there. */
    static double number(ObjectNode message, String key, double otherwise) {
        JsonNode node = message.get(key);
        if (node == null || node.isNull()) {
            return otherwise;
        }
        if (!node.isNumber()) {
            throw new IllegalArgumentException(key + " must be a number but was " + node);
        }
        return node.doubleValue();
    }

    /** A whole number of a message, or {@code otherwise} when it is not there. */
    static int integer(ObjectNode message, String key, int otherwise) {
        JsonNode node = message.get(key);
        if (node == null || node.isNull()) {
            return otherwise;
        }
        if (!node.isIntegralNumber() || !node.canConvertToInt()) {
            throw new IllegalArgumentException(key + " must be a whole number but was " + node);
        }
        return node.intValue();
    }

    /** A whole number of a message, which must be there. */
    static int integer(ObjectNode message, String key) {
        if (message.path(key).isMissingNode()) {
            throw new IllegalArgumentException("the message has no \"" + key + "\"");
        }
        return integer(message, key, -1);
    }

    /** A word of a message; throws {@link IllegalArgumentException} when it is not there and there is no default. */
    static String word(ObjectNode message, String key, String otherwise) {
        JsonNode node = message.get(key);
        if (node == null || node.isNull()) {
            if (otherwise == null) {
                throw new IllegalArgumentException("the message has no \"" + key + "\"");
            }
            return otherwise;
        }
        if (!node.isTextual()) {
            throw new IllegalArgumentException(key + " must be a text but was " + node);
        }
        return node.textValue();
    }
}
