// What models write: prose in several languages, and code, as markdown.

const words = (
  "the of and to in is that for it as with on be by this are or an from which can at have not you " +
  "your will more one when each all also than other its has their into may only some use time most " +
  "these such data between different first example number system make over number way process model " +
  "value function result however therefore because while through where before after should could " +
  "within without small large change order point case level high low same new old long short common " +
  "simple complex important general specific possible available local global current previous next " +
  "energy water light temperature pressure history culture language people community government " +
  "market price product service customer company industry research science theory experiment " +
  "evidence analysis method approach design structure pattern component interface request response " +
  "network server client memory storage performance security reliability consistency latency " +
  "throughput concurrency transaction index query cache queue stream message event protocol version"
).split(" ");
const accented = (
  "café naïve façade résumé Zürich München São Malmö jalapeño piñata crème fiancée Łódź Kraków coöperate " +
  "it’s don’t we’re you’ll that’s doesn’t they’ve model’s user’s — – … €20 20°C ±5"
).split(" ");
const russian = (
  "и в не на что это как для по из модель система данные ответ запрос время также может быть если " +
  "после который пример функция значение результат память сервер сеть процесс человек работа жизнь " +
  "история развитие исследование производительность безопасность пользователь приложение"
).split(" ");
const chinese = (
  "我们 可以 这个 系统 数据 模型 通过 使用 一个 问题 方法 结果 需要 用户 服务器 网络 时间 处理 信息 性能 " +
  "的 了 和 在 是 与 对 中 为 也 但是 因此 例如 首先 其次 最后 同时 由于 如果 那么 不同 重要 简单 复杂 历史 " +
  "文化 语言 社会 发展 研究 技术 应用 函数 参数 返回值 内存 并发 事务 索引 缓存 队列 消息 协议 版本 安全 " +
  "可靠性 一致性 延迟 吞吐量 温度 能量 水 光 市场 价格 产品 客户 公司 分析 设计 结构 组件 接口 请求 响应"
).split(" ");
const korean = (
  "모델 시스템 데이터 응답 요청 시간 예를 들어 함수 결과 메모리 서버 네트워크 과정 사람 작업 역사 발전 " +
  "연구 성능 보안 사용자 애플리케이션 그리고 하지만 따라서 이것은 있습니다 합니다 중요한 간단한 가능한"
).split(" ");
const hindi = (
  "मॉडल प्रणाली डेटा उत्तर अनुरोध समय उदाहरण फ़ंक्शन परिणाम स्मृति सर्वर नेटवर्क प्रक्रिया मनुष्य काम जीवन इतिहास " +
  "विकास अनुसंधान प्रदर्शन सुरक्षा उपयोगकर्ता और में के लिए है यह एक महत्वपूर्ण सरल संभव"
).split(" ");
const thai = (
  "แบบจำลองระบบ ข้อมูลคำตอบ คำขอเวลา ตัวอย่างเช่น ฟังก์ชัน ผลลัพธ์ หน่วยความจำ เซิร์ฟเวอร์เครือข่าย กระบวนการ มนุษย์งาน " +
  "ชีวิตประวัติศาสตร์ การพัฒนาการวิจัย ประสิทธิภาพ ความปลอดภัย ผู้ใช้และใน เป็นสิ่งสำคัญ ง่ายและเป็นไปได้"
).split(" ");
const terms = ["API", "HTTP", "JSON", "Python", "GPU", "SQL", "TypeScript", "Kubernetes", "v2.1"];
const emoji = ["😀", "🚀", "✅", "🎉", "💡", "⚠️", "👩‍💻", "🌍", "📊", "🔥", "❤️", "🇨🇳"];

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

function sentence(random, vocabulary = words) {
  const length = random.integer(6, 20);
  const parts = random.times(length, (index) => {
    const word = random.pick(vocabulary);
    if (index < length - 1 && random.chance(0.08)) return `${word},`;
    if (random.chance(0.02)) return `"${word}"`;
    if (random.chance(0.02)) return `**${word}**`;
    if (random.chance(0.015)) return `\`${word}\``;
    return word;
  });
  return `${capital(parts.join(" "))}${random.pick([".", ".", ".", ".", ":", "?"])}`;
}

function accentedSentence(random) {
  const plain = sentence(random).replaceAll('"', "").split(" ");
  for (let count = random.integer(0, 2); count > 0; count--)
    plain.splice(random.integer(1, plain.length - 1), 0, random.pick(accented));
  if (random.chance(0.2)) plain.splice(1, 0, `“${random.pick(words)}”`);
  return plain.join(" ");
}

function chineseSentence(random) {
  const parts = random.times(random.integer(6, 18), () => {
    const word = random.chance(0.04) ? ` ${random.pick(terms)} ` : random.pick(chinese);
    return random.chance(0.1) ? `${word}，` : word;
  });
  const end = random.chance(0.12)
    ? `！${random.pick(emoji)}`
    : random.pick(["。", "。", "。", "？"]);
  return parts.join("") + end;
}

/** Paragraphs, headings and lists of sentences. */
function markdown(random, write) {
  const kind = random.number();
  if (kind < 0.12) return `## ${[...write(random)].slice(0, 40).join("")}\n\n`;
  if (kind < 0.35) {
    const items = random.times(random.integer(3, 6), (i) => `${i + 1}. ${write(random)}\n`);
    return `${items.join("")}\n`;
  }
  return `${random.times(random.integer(2, 5), () => write(random)).join(" ")}\n\n`;
}

// Pieces of programs. $N becomes a name, $S a few words, $D a number.
const programs = {
  python: String.raw`
def $N($N: str, $N: int = $D) -> dict[str, int]:
    """$S."""
    if not $N:
        raise ValueError(f"$S: {$N!r}\n")
    $N = {"$N": $D, "$N": len($N), '$N': "$S"}
    for $N, $N in enumerate(re.findall(r"\b\w+\d*\b", $N)):
        $N["$N"] += $N * $D  # $S
        print("$S\t", $N, end="\n")
    return $N
`,
  typescript: String.raw`
export async function $N($N: string, $N = $D): Promise<$N> {
  // $S
  const response = await fetch("https://example.com/$N/" + encodeURIComponent($N), {
    method: "POST",
    headers: { "content-type": "application/json", "x-$N": "$S" },
  });
  if (!response.ok) throw new Error("$S: " + response.status + "\n");
  return ($N ?? []).filter(($N) => /^[\w.]+\/\d+$/.test($N)).map(($N) => ({ $N, "$N": $D }));
}
`,
  go: String.raw`
func (s *$N) $N(ctx context.Context, $N string) (int, error) {
	if $N == "" {
		return 0, fmt.Errorf("$S: %q\n", $N)
	}
	for i := 0; i < $D; i++ {
		s.$N["$N"] = append(s.$N["$N"], $N+"\t$S")
	}
	return len(s.$N), nil
}
`,
  cpp: String.raw`
template <typename T>
std::string $N(const std::vector<T>& $N, std::size_t $N) {
  std::ostringstream out;
  for (const auto& $N : $N) {
    if ($N.size() > $D) out << "$S\n" << '\'' << $N << "\"";  // $S
    out << std::setw($D) << $N << "\t";
  }
  return out.str();
}
`,
  rust: String.raw`
impl $N {
    /// $S.
    pub fn $N(&mut self, $N: &str) -> Result<usize, $N> {
        let $N = $N.split('\n').map(|line| line.trim_matches('"')).collect::<Vec<_>>();
        if $N.len() > $D {
            return Err($N::new(format!("$S: {:?}\n", $N)));
        }
        self.$N.insert("$N".to_string(), $N.len());
        Ok($N.len())
    }
}
`,
  sql: String.raw`
SELECT "$N"."$N", COUNT(*) AS "$N", MAX($N) FILTER (WHERE $N LIKE '%\_$N' ESCAPE '\')
FROM "$N"
LEFT JOIN "$N" ON "$N"."$N" = "$N"."$N" -- $S
WHERE "$N" > $D AND "$N" IN ('$S', '$S')
GROUP BY 1, 2
HAVING COUNT(*) > $D;
`,
  bash: String.raw`
#!/usr/bin/env bash
set -euo pipefail
for $N in "$(ls -1 "$HOME/$N" | grep -E "^[0-9]+\.$N$")"; do
  echo -e "$S:\t$$N\n" >> "/var/log/$N.log"
  sed -i "s/\"$N\": $D/\"$N\": \"$S\"/g" "$$N" || { echo "$S" >&2; exit $D; }
done
`,
  html: `
<section id="$N" class="$N $N" data-$N="$D">
  <h2>$S</h2>
  <a href="/$N/$D?$N=$N" title="$S" onclick="$N(&quot;$N&quot;)">$S</a>
  <img src="/images/$N.png" alt="$S" width="$D" />
</section>
`,
  json: String.raw`
{
  "$N": "$S",
  "$N": { "$N": $D, "$N": [$D, $D, "$N"], "pattern": "^\\d+\\.$N$" },
  "$N": [{ "$N": true, "$N": null }, { "$N": "$S\n" }]
}
`,
};

/** A name in one of the usual styles: totalCount, user_id, Handler. */
export function name(random) {
  const first = random.pick(words);
  const second = random.pick(words);
  return random.pick([first, `${first}_${second}`, first + capital(second), capital(first)]);
}

function program(random) {
  const language = random.pick(Object.keys(programs));
  const filled = programs[language].replace(/\$[NSD](?![a-z])/g, (mark) => {
    if (mark === "$N") return name(random);
    if (mark === "$D") return String(random.integer(0, 999));
    return random.times(random.integer(2, 6), () => random.pick(words)).join(" ");
  });
  return `\`\`\`${language}${filled}\`\`\`\n\n`;
}

const pieces = {
  prose: (random) => markdown(random, sentence),
  accents: (random) => markdown(random, accentedSentence),
  chinese: (random) => markdown(random, chineseSentence),
  russian: (random) => markdown(random, () => sentence(random, russian)),
  korean: (random) => markdown(random, () => sentence(random, korean)),
  hindi: (random) => markdown(random, () => sentence(random, hindi)),
  thai: (random) => markdown(random, () => sentence(random, thai)),
  code: (random) => (random.chance(0.2) ? `${sentence(random)}\n\n` : program(random)),
};

/** Text of a kind, as long as `measure` says that it is shorter than `size`. */
export function text(random, kind, size, measure = (piece) => piece.length) {
  let made = "";
  for (let length = 0; length < size; ) {
    const piece = pieces[kind](random);
    made += piece;
    length += measure(piece);
  }
  return made;
}

/** Tokens as models cut text: mostly words with the space before them, a few with accents. */
export function tokens(random, count, accents) {
  return random.times(count, () => {
    const word = random.pick(words);
    if (random.chance(0.12))
      return random.pick([",", ".", ":", "\n\n", ' "', "'s", " (", ").", "  "]);
    if (accents && random.chance(0.02)) return ` ${random.pick(accented)}`;
    if (word.length > 7) return random.chance(0.5) ? ` ${word.slice(0, 4)}` : word.slice(4);
    return random.chance(0.9) ? ` ${word}` : capital(word);
  });
}

/** Tokens of Chinese: mostly one or two characters. */
export function chineseTokens(random, count) {
  return random.times(count, () => {
    const piece = random.number();
    if (piece < 0.1) return random.pick(["，", "。", "、", "：", "\n\n", "**"]);
    if (piece < 0.13) return random.pick(terms);
    if (piece < 0.14) return random.pick(emoji);
    return random.pick(chinese);
  });
}
