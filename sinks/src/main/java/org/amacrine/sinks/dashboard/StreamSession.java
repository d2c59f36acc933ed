package org.amacrine.sinks.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One viewer's stream socket: what it subscribed to, and the clockwork that sends each stream's newest when the connection and
 * the viewer's budget allow. Owned by the connection's event loop.
 */
final class StreamSession extends Session {
    private static final int MAX_STREAMS = 32;
    private static final long TICK_MILLIS = 8;
    private static final double DEFAULT_RATE = 30;
    private static final double MAX_RATE = 60;
    private static final int FORMAT_LIMIT = 65_535;

    private final Dashboard dashboard;
    private final Map<Integer, Subscription> subscriptions = new LinkedHashMap<>();
    /** Those subscriptions; replaced as a whole when they change. */
    private List<Subscription> all = List.of();

    private final ScheduledFuture<?> clockwork;
    private long bytesPerSecond;
    /** What may be sent now; below 0 after a message that was larger. */
    private double credit;

    private long lastNanos = System.nanoTime();
    /** Place of the stream that comes first, behind the one that was served last: a small budget is for all in turn. */
    private int turn;

    /** A stream that this viewer wants. */
    private static final class Subscription {
        private final int stream;
        private final String signal;
        private final Tap.Request request;
        private final long intervalNanos;
        private Tap tap;
        private Feed feed;
        private Feed.Cursor cursor;
        private long dueNanos;
        private long dueSinceNanos;
        private long dropped;
        /** Whether a message has not left for the network yet: there is never a second one behind it. */
        private boolean onItsWay;

        private Subscription(int stream, String signal, Tap.Request request, long intervalNanos) {
            this.stream = stream;
            this.signal = signal;
            this.request = request;
            this.intervalNanos = intervalNanos;
        }

        /**
         * Counts what newer messages replaced since the last one sent: of images, those that the rate asked for. What is left of an
         * interval counts for the next.
         */
        private void countDropped(long now) {
            long missed = cursor.missed();
            if (!(request instanceof Tap.ImageRequest)) {
                dropped += missed;
                return;
            }
            long wanted = dueSinceNanos == 0 ? 1 : Math.max(1, (now - dueSinceNanos) / intervalNanos);
            dropped += Math.min(missed, wanted - 1);
            dueSinceNanos = dueSinceNanos == 0 ? now : Math.min(now, dueSinceNanos + wanted * intervalNanos);
        }

        private void attach(Tap newTap) {
            feed = newTap.acquire(request);
            tap = newTap;
            cursor = feed.cursor();
        }

        private void detach() {
            if (tap != null) {
                tap.release(feed);
                tap = null;
            }
        }
    }

    StreamSession(Channel channel, Dashboard dashboard) {
        super(channel);
        this.dashboard = dashboard;
        bytesPerSecond = dashboard.settings().bytesPerSecond();
        credit = bytesPerSecond;
        clockwork =
                channel.eventLoop().scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    ObjectNode handle(ObjectNode message) {
        switch (Json.word(message, "do", null)) {
            case "subscribe" -> subscribe(message);
            case "unsubscribe" -> unsubscribe(Json.integer(message, "stream"));
            case "budget" -> {
                int budget = Json.integer(message, "bytesPerSecond", 0);
                Check.range("bytesPerSecond", budget, 1_000, Integer.MAX_VALUE);
                bytesPerSecond = Math.min(budget, dashboard.settings().bytesPerSecond());
                credit = Math.min(credit, bytesPerSecond);
            }
            default -> throw unknown(message, List.of("subscribe", "unsubscribe", "budget"));
        }
        return Json.message("reply");
    }

    private void subscribe(ObjectNode message) {
        int stream = Json.integer(message, "stream");
        Check.range("stream", stream, 0, FORMAT_LIMIT);
        if (!subscriptions.containsKey(stream) && subscriptions.size() == MAX_STREAMS) {
            throw new IllegalArgumentException(
                    "a viewer has at most " + MAX_STREAMS + " streams; unsubscribe one first");
        }
        String signal = Json.word(message, "signal", null);
        Tap tap = dashboard.tap(signal);
        double rate = Json.number(message, "rate", DEFAULT_RATE);
        Check.range("rate", rate, 1, MAX_RATE);
        Subscription subscription = new Subscription(stream, signal, request(message), (long) (1e9 / rate));
        subscription.attach(tap);
        unsubscribe(stream);
        subscriptions.put(stream, subscription);
        all = List.copyOf(subscriptions.values());
    }

    private static Tap.Request request(ObjectNode message) {
        int channel = Json.integer(message, "channel", 0);
        return switch (Json.word(message, "kind", "image")) {
            case "image" -> {
                float[] scale = scale(message.get("scale"));
                String format = Json.word(message, "format", "u8");
                if (!format.equals("u8") && !format.equals("f32")) {
                    throw new IllegalArgumentException("format must be u8 or f32 but was \"" + format + "\"");
                }
                yield new Tap.ImageRequest(channel, format.equals("f32"), scale[0], scale[1]);
            }
            case "events" ->
                new Tap.EventsRequest(
                        channel,
                        Json.integer(message, "row", 0),
                        Json.integer(message, "column", 0),
                        Json.integer(message, "cells", 0));
            case "series" -> new Tap.SeriesRequest(probes(message.get("probes")));
            default ->
                throw new IllegalArgumentException(
                        "kind must be image, series or events but was " + message.get("kind"));
        };
    }

    /** The values of byte 0 and byte 255; NaN for those of each frame. */
    private static float[] scale(JsonNode node) {
        if (node == null || node.isNull()) {
            return new float[] {Float.NaN, Float.NaN};
        }
        float[] scale = {number(node.path(0)), number(node.path(1))};
        if (!node.isArray() || node.size() != 2 || !(scale[0] < scale[1]) || Float.isInfinite(scale[1] - scale[0])) {
            throw new IllegalArgumentException("scale must be [lo, hi] with lo < hi but was " + node);
        }
        return scale;
    }

    /** NaN for what is no number. */
    private static float number(JsonNode node) {
        return node.isNumber() ? node.floatValue() : Float.NaN;
    }

    private static List<Tap.Probe> probes(JsonNode node) {
        if (node == null || node.isNull()) {
            return null;
        }
        if (!node.isArray()) {
            throw new IllegalArgumentException("probes must be a list but was " + node);
        }
        List<Tap.Probe> probes = new ArrayList<>();
        for (JsonNode probe : node) {
            if (probe.isTextual() && probe.textValue().equals("mean")) {
                probes.add(Tap.Probe.MEAN);
            } else if (probe.isArray()
                    && probe.size() == 3
                    && probe.get(0).isInt()
                    && probe.get(1).isInt()
                    && probe.get(2).isInt()) {
                probes.add(new Tap.Probe(
                        probe.get(0).intValue(),
                        probe.get(1).intValue(),
                        probe.get(2).intValue(),
                        false));
            } else {
                throw new IllegalArgumentException(
                        "a probe must be [channel, row, column] or \"mean\" but was " + probe);
            }
        }
        return probes;
    }

    private void unsubscribe(int stream) {
        Subscription gone = subscriptions.remove(stream);
        if (gone != null) {
            gone.detach();
            all = List.copyOf(subscriptions.values());
        }
    }

    /** Attaches all subscriptions to the taps of a new run. */
    void renew() {
        for (Subscription subscription : all) {
            Tap tap = dashboard.tapOrNull(subscription.signal);
            if (tap == subscription.tap) {
                continue;
            }
            try {
                Tap wanted = dashboard.tap(subscription.signal);
                subscription.detach();
                subscription.attach(wanted);
            } catch (IllegalArgumentException e) {
                unsubscribe(subscription.stream);
                send(Json.error(null, e.getMessage()).put("stream", subscription.stream));
            }
        }
    }

    private void tick() {
        long now = System.nanoTime();
        credit = Math.min(bytesPerSecond * 0.25, credit + (now - lastNanos) * 1e-9 * bytesPerSecond);
        lastNanos = now;
        boolean sent = false;
        int first = turn;
        for (int i = 0; i < all.size(); i++) {
            int place = (first + i) % all.size();
            if (serve(all.get(place), now)) {
                sent = true;
                turn = place + 1;
            }
        }
        if (sent) {
            channel().flush();
        }
    }

    /** Sends the newest of a stream if it is due; says whether it did. */
    private boolean serve(Subscription subscription, long now) {
        if (now < subscription.dueNanos || credit <= 0 || subscription.onItsWay || !subscription.cursor.hasNews()) {
            return false;
        }
        Feed.Message message = subscription.cursor.next(channel().alloc());
        if (message == null) {
            return false;
        }
        subscription.dueNanos =
                Math.max(subscription.dueNanos + subscription.intervalNanos, now - subscription.intervalNanos);
        subscription.countDropped(now);
        ByteBuf header = channel().alloc().directBuffer(BinaryHeader.LENGTH);
        BinaryHeader.write(header, message.content(), subscription.stream, subscription.dropped, now);
        subscription.dropped = 0;
        CompositeByteBuf whole = channel().alloc().compositeDirectBuffer(2);
        whole.addComponents(true, header, message.payload());
        credit -= whole.readableBytes();
        subscription.onItsWay = true;
        channel().write(new BinaryWebSocketFrame(whole)).addListener(written -> subscription.onItsWay = false);
        return true;
    }

    @Override
    void closed() {
        clockwork.cancel(false);
        List.copyOf(subscriptions.keySet()).forEach(this::unsubscribe);
        dashboard.left(this);
    }
}
