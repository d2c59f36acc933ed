package org.amacrine.sinks.video;

import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_0RGB32;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_GRAY8;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;

import java.util.Locale;
import org.bytedeco.javacv.FFmpegFrameRecorder;

/** How pictures are compressed. */
public enum VideoCodec {
    /** H.264 by OpenH264: plays everywhere. */
    H264("libopenh264"),
    /** MPEG-4 part 2: for builds of FFmpeg without H.264. */
    MPEG4("mpeg4"),
    /** FFV1: every value of the picture is kept. */
    FFV1("ffv1");

    private final String encoder;

    VideoCodec(String encoder) {
        this.encoder = encoder;
    }

    /** Lower case, as in settings. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean isAvailable() {
        return avcodec_find_encoder_by_name(encoder) != null;
    }

    /** Sets the recorder up; {@code quality} is 1 to 100 and without effect for FFV1. */
    void configure(FFmpegFrameRecorder recorder, boolean colour, int quality) {
        recorder.setVideoCodecName(encoder);
        switch (this) {
            case H264 -> {
                recorder.setPixelFormat(AV_PIX_FMT_YUV420P);
                // One quantiser for all frames, 10 (best) to 45, so that none is skipped to save bits.
                String quantiser = Long.toString(Math.round(45 - 0.35 * quality));
                recorder.setVideoOption("qmin", quantiser);
                recorder.setVideoOption("qmax", quantiser);
            }
            case MPEG4 -> {
                recorder.setPixelFormat(AV_PIX_FMT_YUV420P);
                // 1 (best) to 31.
                recorder.setVideoQuality(31 - 0.3 * quality);
            }
            case FFV1 -> recorder.setPixelFormat(colour ? AV_PIX_FMT_0RGB32() : AV_PIX_FMT_GRAY8);
        }
    }
}
