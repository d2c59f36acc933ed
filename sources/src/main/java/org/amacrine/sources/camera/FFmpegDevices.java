package org.amacrine.sources.camera;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avdevice.AVDeviceInfoList;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.global.avdevice;
import org.bytedeco.ffmpeg.global.avformat;

/** FFmpeg's list of devices. */
final class FFmpegDevices {
    private FFmpegDevices() {}

    /** Names of the devices of an input format; empty when it cannot list them. */
    static List<String> names(String format) {
        AVInputFormat input = avformat.av_find_input_format(format);
        List<String> names = new ArrayList<>();
        if (input == null) {
            return names;
        }
        AVDeviceInfoList list = new AVDeviceInfoList(null);
        int count = avdevice.avdevice_list_input_sources(input, (String) null, new AVDictionary(null), list);
        for (int i = 0; i < count; i++) {
            names.add(list.devices(i).device_description().getString());
        }
        if (count >= 0) {
            avdevice.avdevice_free_list_devices(list);
        }
        return names;
    }
}
