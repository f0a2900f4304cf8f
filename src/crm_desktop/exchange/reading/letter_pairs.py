"""Letters that stand beside each other in the languages of each Windows encoding.

Made of the names of countries, languages, scripts, currencies, months and days in the Unicode locale data
(CLDR, by Babel 2.17); "_" is the edge of a word.
"""

from typing import Final

LETTER_PAIRS: Final = {
    "cp1252": frozenset(
        (
            "_à _á _ä _å _æ _é _í _î _ñ _ó _ö _ø _ú _ü _þ _š aá aç aè aé aë aí aï að añ aó aö aú aš bà bá bâ bã "
            "bä bè bé bí bò bó bö bú cà cá câ cè cé cê cí cò có cô dà dá dâ dã dä dæ dè dé dê dì dí dò dó dô dö "
            "dø dú dý dž eà eä eæ eç eë eí eï eñ eò eó eö eø eú eþ fá fä fæ fè fé fí fð fò fó fö fø fú fü gà gá "
            "gâ gã gä gæ gè gé gí gò gó gú gû gü gþ hà há hâ hä hå hæ hè hé hí hî hó hö hø hú iß ià iá iã iä iè "
            "ié iê ië ií ið iñ iò ió iö iø iú iü iš jà já jã jä jí jó jø jú jü ká kä kå kæ ké kí kî kó kö kø kú "
            "ký kš là lá lâ lã lä lå læ lè lé lê lí lò ló lô lö lø lú lý mà má mâ mã mä må mæ mè mé mê mí mî mò "
            "mó mô mö mú mü mš nà ná nâ nã nä næ nç nè né nê ní nî nò nó nö nø nú nü ný oà oá oç oè oé oê oí oï "
            "oû pá pã pä pæ pè pé pí pò pó pö pú pü rà rá râ rã rä rå ræ rç rè ré rê rí rî rð ró rõ rö rø rù rú "
            "rþ sà sá sâ sã sä sæ sè sé sí sò só sö sø sú sü sý tà tá tâ tã tä tæ tè té tê tí tî tò tó tô tö tø "
            "tú tü tš uß uà uá uâ uç uè ué uê uí uï uð uñ uö uø uš và vá vã vä væ vè vé vê ví vò vó võ vö wá wä "
            "wé wò wó xã xè xé xí xó xú yà yá yè yé yí yð yú zà zá zâ zé zö ße ßi ßr à_ àb àc àf àh ài àk àl àm "
            "àn àq àr às àt àu àv á_ áa áb ác ád áe áf ág áh ái ák ál ám án áq ár ás át áu áv áz áí áþ âg âh âm "
            "ân ât ã_ ão ä_ äa äc äf äg äh äi äj äk äl äm än äp äq är äs ät äu äv ää å_ åd åg åk ål ån år æ_ æg "
            "æi æj æk æl æm æn ær æs æt æð ç_ ça ço çu çá çã çõ è_ èc èd èg èl èn èq èr ès èt èx èz é_ éa éb éc "
            "éd ée éf ég éi ék él ém én éo ép éq ér és ét éu év éw éx éz éí ê_ êm ên ês êt ë_ ël ëm ër ì_ í_ ía "
            "íb íc íd íe íf íg íh ík íl ím ín ío íp ír ís ít íu ív íç íó íú íþ î_ îl ï_ ïa ïb ïc ïd ïe ïf ïg ïk "
            "ïl ïm ïn ïq ïr ïs ït ïw ð_ ða ðb ðe ðf ðh ði ðj ðk ðl ðs ðu ðv ðí ña ñe ñi ño òl òm òn òp òr òs òt "
            "ó_ óa ób ód óg óh ói ók ól óm ón óo óp ór ós ót óv óð óþ ôm ôn ôt õe õr ö_ öa öd öe öf ög öi ök öl "
            "ön ör ös öt öä öð ød øe øi øj øl øn ør øs øv øy ù_ ú_ úa úb úc úd úe úg úi új úk úl úm ún úp úr ús "
            "út úu úv úx úí úó ûl ût ü_ üb üc üd üe ük ül ür üs üt üí ýa ýg ýj ýn ýp ýr ýs ýð þe þj þr þí þý š_ "
            "ša še ši šk šm šn šo št šu ž_ ža ži žp žu "
        ).split()
    ),
    "cp1250": frozenset(
        (
            "_á _é _í _î _ó _ö _ú _ü _ć _č _ď _ł _ň _ő _ř _ś _š _ż _ž aç aó aú ać ač aď ađ ał ań aň ař aš aź až "
            "bá bé bó bă bč bě bř bš cé cí có cô cú că ců dá dé dí dó dý dă dč dě dľ dš dů dź dż dž eá eä eć eč "
            "eľ eń eň eś eš ež fá fâ fé fí fó fö fü fč fő fš gá gâ gé gó gö gă gč gł gš há hé hí hó hú hă hč hř "
            "hš iá ió ią ić ič iđ ię iń iň iš iž já jó jú jü jč ję jš ká kâ kä ké kí kó kö kú kü ký kč kš ků lá "
            "lé lí ló lö lú lü lý lă lą lč lš lž má mâ mé mí mó mú mü mý mă mč mě mš ná né ní nó nü ný nă nč nę "
            "ně nš nů nž oč oľ oł oń oř oś oš oż ož pá pé pí pó pú pü pă pč př pš rá râ ré rí ró rö rú rü rý ră "
            "rč rš rű rž sá sâ sé sí só sú sü sý să sł ső sť tá té tí tó tö tú tü tý tă tą tč tě tő tř tš tů uá "
            "uă uč uł uń uś uš uż už vá vä vé ví vó vý vă vč vě vš wá wč wę wł wš yá yé yú yč yń yš zá zé zí zó "
            "zö zü ză zč zł ző zš á_ áb ác ád ág áh áj ák ál ám án áp ár ás át áv áz áľ ář áš âm ân âr âz ä_ än "
            "ät ça é_ éb éc éd ég éh ék él ém én ép ér és ét éu év éz éč éš í_ ía íb íc íd íf íj ík íl ím ín íp "
            "ír ís ít ív íz íš în ó_ óa ób óc ód óe óf óg ói ók ól óm ón óo óp ór ós ót óv ów óz óí ół óš ôt öb "
            "öe ög ök öl ön öp ör ös öv öz ú_ úd új úl ún úp úr ús út úu úv úz úč úž ü_ üa üg ük ül ür üs üt üz "
            "ý_ ýc ýd ýk ýr ýž ă_ ăg ăr ăt ău ąd ąg ąp ąs ąt ąż ća ći ćn č_ ča čc če či čj čk čl čn čo čr čs čt "
            "ču čv čé čí čľ čš ďa ďu đa đi ęc ęg ęt ęz ě_ ěd ěj ěk ěl ěm ěn ěr ěs ět ěž ľ_ ľa ľb ľo ľs ľš ła łc "
            "łd łe łg łk łm łn ło łp łt łu ły ń_ ńs ň_ ňa ňd ňo ňs ő_ ői ők őn ős ř_ ře ři řs ří ś_ śa śc śl śn "
            "śr św š_ ša še ši šj šk šl šm šn šo šp šr šs št šu šv šá ší šć šč šť ť_ ů_ ův űs ź_ źa źd ża żd że "
            "żi żk żm żp ży żę ž_ ža žb žd že ži žn žp žs žu žá ží žü žč žš "
        ).split()
    ),
    "cp1254": frozenset(
        (
            "_å _ç _ö _ü _ş aç ağ aş bç bö bı cô cü dç dü dı eç eş fç gö gü gı hç hı iç iğ iş kç kö kü kı kş lç "
            "lü lı må mé mü mı nç nü nı nş oç oğ oş pç pü rí rö rı rş sã sç sö sü sı tâ tç tü tı uç uş võ yé yü "
            "yı yş zı âl ão ål ç_ ça çe çi ço çr çu çy çç çü é_ ín ôt õr öd öi öl ön ös öz ü_ üb üc üd ük ül üm "
            "ün ür üs üç üş ğ_ ğa ği ğo ğu ğı ı_ ıb ık ıl ım ın ıp ır ıs ıt ız ış ş_ şa şe şi şk şm şn şo şt şu "
            "şç "
        ).split()
    ),
    "cp1257": frozenset(
        (
            "_ü _ā _č _ē _ī _ķ _ņ _š _ž aü ač aē aķ aļ aņ aš aū až bü bā bč bē bė bū bų cā cī cū cų dõ dā dē dė "
            "dī dū dų dž eä eā eč eģ eķ eļ eš eū ež fä fā fē fš fų gõ gā gē gė gī gļ gš gū gų hé hõ hā hē hų iā "
            "ič iķ iļ iņ iš iū ių jä jõ jü jā jē jė jī jū jų kõ kö kü kā kē kė kī kš kū kų lä lõ lö lü lā lč lē "
            "lė lī lū lų lž mä må mé mõ mā mē mė mī mš mū mų nä nü nā nč nē nė nī nš nų oā oč oļ oņ oš ož pä põ "
            "pü pā pč pė pī pū pų ré rö rā rē rė rī rš rū rų rž sö sü sā są sė sī sų tä tõ tü tā tč tē tė tī tš "
            "tū tų uā uč uē uī uņ uš už vä võ vā vē vė vī vų yé yč yš zā zē zī zņ zų ä_ äe äh äi äl än är ät ää "
            "ål é_ él éu õ_ õb õd õg õh õk õl õm õn õr õu õv õz õõ õš ö_ öl ön öö ü_ üa üd üf üh ük ül üm ün üp "
            "ür üs üt üü üš ā_ āb āc ād āf āg āj āk āl ām ān ār ās āt āv āz āļ āņ āž ąj ąs ča če či čo čp ču čv "
            "čė čī čū čų ē_ ēc ēj ēl ēm ēn ēr ēt ēv ēz ēģ ēķ ēļ ēņ ė_ ėd ėj ėl ėn ėr ės ėt ģi ģu ī_ īb īc īd īk "
            "īl īm īn īp īr īt īv īz īļ īņ ķe ķi ķt ķu ķī ļa ļe ļf ļk ļl ļm ļn ļr ļs ļu ļā ļģ ņa ņe ņj ņo ņs ņu "
            "ņē ņš š_ ša šd še ši šk šl šm šn šo šr šs št šu šv šy šā šų ūd ūf ūg ūk ūl ūn ūp ūr ūs ūt ūz ūč ūš "
            "ų_ ž_ ža žb že ži žk žn žo žp žs žu žy žā žē žė žī žū "
        ).split()
    ),
}
